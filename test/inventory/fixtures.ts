import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import type { ApiClient } from '../support/api-client.js';

type Row = Record<string, unknown>;

export function aUser(id: string, fields: Row = {}): Row {
  return {
    id,
    username: `user-${id}`,
    first_name: 'Ana',
    last_name: 'Fernández',
    email: `${id}@example.com`,
    role: 'user',
    authentication_method: 'ldap',
    mfa_enabled: true,
    group_ids: [],
    active: true,
    last_login_at: '2026-01-30T07:58:12.000Z',
    expires_at: null,
    ...fields,
  };
}

export function aDevice(id: string, fields: Row = {}): Row {
  return {
    id,
    name: `device ${id}`,
    address: '10.20.0.11',
    platform: 'Debian 12',
    protocols: ['ssh'],
    ports: [22],
    zone: 'core',
    group_ids: [],
    state: 'managed',
    last_seen_at: '2026-01-31T11:45:00.000Z',
    ...fields,
  };
}

export function anAccount(id: string, fields: Row = {}): Row {
  return {
    id,
    device_id: null,
    directory: 'corp.example.com',
    username: `account-${id}`,
    kind: 'local',
    privileged: false,
    state: 'managed',
    secret_rotated_at: '2026-01-15T02:00:00.000Z',
    rotation_policy: 'Every 30 days',
    ...fields,
  };
}

export function ndjson(rows: unknown[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** Rows as CSV: null as an empty cell, lists as JSON, and every cell in quotes. */
export function csv(rows: Row[]): string {
  const lines = [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map(csvCell))];
  return lines.map((cells) => `${cells.join(',')}\r\n`).join('');
}

function csvCell(value: unknown): string {
  if (value === null) return '';
  const text = Array.isArray(value) ? JSON.stringify(value) : String(value);
  return `"${text.replaceAll('"', '""')}"`;
}

/** Sends an import as it is, text or bytes. */
export function sendImport(api: ApiClient, path: string, body: string | Uint8Array) {
  return api.put(`/inventory/v1/${path}`, { body, headers: { 'content-type': 'application/x-ndjson' } });
}

export function sendCsv(api: ApiClient, path: string, body: string | Uint8Array) {
  return api.put(`/inventory/v1/${path}`, { body, headers: { 'content-type': 'text/csv' } });
}

/** Imports rows that must all be good. */
export async function importRows(api: ApiClient, name: string, rows: unknown[]): Promise<void> {
  const { status, text } = await sendImport(api, name, ndjson(rows));
  if (status !== 200) throw new Error(`The rows were not imported: ${status} ${text}`);
}

/** What fetch does not let one send: TRACE, bodies by and by, a Content-Length that is not kept. */
export function openRequest(url: string, options: RequestOptions) {
  const sent = request(url, options);
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve);
    sent.once('error', reject);
  });
  return { sent, response };
}

export async function readAll(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) text += chunk as string;
  return text;
}
