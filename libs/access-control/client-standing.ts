import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

/** What decides whether a client may act now, from where it calls. */
export interface ClientStanding {
  active: boolean;
  validFrom: Date | null;
  validUntil: Date | null;
  /** CIDR blocks or single addresses; empty: any. */
  allowedCidrs: readonly string[];
}

export type ValidityFault = 'client_inactive' | 'client_not_yet_valid' | 'client_no_longer_valid';
export type StandingFault = ValidityFault | 'address_not_allowed';

/** Whether a client may act at all now, wherever it calls from. @returns why not, or undefined */
export function validityFault(
  client: Omit<ClientStanding, 'allowedCidrs'>,
  now: Date,
): ValidityFault | undefined {
  if (!client.active) return 'client_inactive';
  if (client.validFrom && now < client.validFrom) return 'client_not_yet_valid';
  if (client.validUntil && now >= client.validUntil) return 'client_no_longer_valid';
  return undefined;
}

/** The one rule for authentication and for every use of a token. @returns why not, or undefined */
export function standingFault(
  client: ClientStanding,
  now: Date,
  ip: string | null,
): StandingFault | undefined {
  const fault = validityFault(client, now);
  if (fault) return fault;
  if (client.allowedCidrs.length > 0 && !client.allowedCidrs.some((cidr) => contains(cidr, ip)))
    return 'address_not_allowed';
  return undefined;
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];
const ranges = new LRUCache<string, Range>({ max: 10_000 });

function contains(cidr: string, ip: string | null): boolean {
  if (ip === null || !ipaddr.isValid(ip)) return false;
  const address = ipaddr.process(ip);
  const [network, bits] = rangeOf(cidr);
  return address.kind() === network.kind() && address.match(network, bits);
}

/** IPv4 within IPv6 (`::ffff:10.0.0.0/104`) is IPv4, as `ipaddr.process` makes of addresses. */
function rangeOf(cidr: string): Range {
  const known = ranges.get(cidr);
  if (known) return known;
  let [network, bits]: Range = cidr.includes('/') ? ipaddr.parseCIDR(cidr) : single(ipaddr.parse(cidr));
  if (network instanceof ipaddr.IPv6 && network.isIPv4MappedAddress() && bits >= 96) {
    [network, bits] = [network.toIPv4Address(), bits - 96];
  }
  ranges.set(cidr, [network, bits]);
  return [network, bits];
}

function single(address: ipaddr.IPv4 | ipaddr.IPv6): Range {
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
