import { isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { CreateClientDto } from '#clients';
import { Problem, validated, type FieldError } from '#http-api';
import { CommandFailure } from '../program/failure.js';

/** A client that a file says there shall be. */
export interface DeclaredClient {
  client_id: string;
  /** The fields that the file names, valid each, by the API's names. */
  fields: CreateClientDto;
  line: number;
}

/**
 * Reads what clients there shall be: `clients:`, a list in which each has a `client_id` and any field of
 * the API but a secret.
 * @throws CommandFailure that names every line which is wrong
 */
export async function readClientsFile(name: string, text: string): Promise<DeclaredClient[]> {
  const file = new ClientsFile(name, text);
  const clients = await file.clients();
  file.requireGood();
  return clients;
}

/** In place of a value, once it has been complained about. */
const UNREADABLE = Symbol('unreadable');

class ClientsFile {
  private readonly faults: { line: number; message: string }[] = [];
  private readonly lines = new LineCounter();
  private readonly document: Document.Parsed;

  constructor(
    private readonly name: string,
    text: string,
  ) {
    this.document = parseDocument(text, { lineCounter: this.lines });
    for (const { pos, message } of this.document.errors) this.complain(pos[0], message.split(' at line')[0]!);
    this.requireGood();
  }

  async clients(): Promise<DeclaredClient[]> {
    const root = this.document.contents;
    const list = isMap(root) ? root.get('clients') : undefined;
    if (!isMap(root) || !isSeq(list)) {
      this.complain(0, 'the file must have `clients:`, with a list');
      return [];
    }
    for (const { key } of root.items)
      if (isScalar(key) && key.value !== 'clients')
        this.complain(key.range?.[0], `${String(key.value)} is not a known field`);
    const clients: DeclaredClient[] = [];
    const known = new Map<string, number>();
    for (const [index, node] of list.items.entries()) {
      const client = await this.client(index, node as Node);
      if (!client) continue;
      const before = known.get(client.client_id);
      if (before !== undefined)
        this.complain((node as Node).range?.[0], `${client.client_id} stands in line ${before} already`);
      known.set(client.client_id, client.line);
      clients.push(client);
    }
    return clients;
  }

  private async client(index: number, node: Node): Promise<DeclaredClient | undefined> {
    const at = node.range?.[0];
    const value = this.valueOf(node);
    if (value === UNREADABLE) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return this.complain(at, 'a client is a list of fields');
    if ('client_secret' in value)
      this.complain(
        this.place(index, 'client_secret'),
        'client_secret has no place in a file: secrets are generated',
      );
    if (!('client_id' in value))
      return this.complain(at, 'client_id is missing, which says which client is meant');
    try {
      const fields = await validated(CreateClientDto, value);
      return { client_id: fields.client_id!, fields, line: this.lineOf(at) };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      for (const { field, message } of error.errors ?? [])
        this.complain(this.place(index, field), `${field} ${message}`);
      return undefined;
    }
  }

  /** Aliases are looked up here: one may have no anchor, hold itself, or stand for more than any file needs. */
  private valueOf(node: Node): unknown {
    try {
      const value: unknown = node.toJS(this.document);
      JSON.stringify(value);
      return value;
    } catch (error) {
      this.complain(node.range?.[0], (error as Error).message.split('\n', 1)[0]!);
      return UNREADABLE;
    }
  }

  /** Where a field of a client, e.g. `scopes[0]`, stands. */
  private place(index: number, field: FieldError['field']): number | undefined {
    const [first, item] = field.split(/[.[\]]+/);
    const client = this.document.getIn(['clients', index], true);
    if (!isMap(client)) return undefined;
    const pair = client.items.find((one) => isPair(one) && isScalar(one.key) && one.key.value === first);
    const items =
      isSeq(pair?.value) && item !== undefined ? (pair.value.items[Number(item)] as Node) : undefined;
    return (items ?? (pair?.key as Node | undefined) ?? client).range?.[0];
  }

  requireGood(): void {
    if (this.faults.length === 0) return;
    const text = this.faults
      .toSorted((a, b) => a.line - b.line)
      .map(({ line, message }) => `  ${this.name}:${line}: ${message}`);
    throw new CommandFailure(
      `The file does not say what clients there shall be; nothing was changed.\n${text.join('\n')}`,
      undefined,
      {
        errors: this.faults,
      },
    );
  }

  private complain(at: number | undefined, message: string): undefined {
    this.faults.push({ line: this.lineOf(at), message });
  }

  private lineOf(at: number | undefined): number {
    return this.lines.linePos(at ?? 0).line || 1;
  }
}
