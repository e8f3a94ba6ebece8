import ipaddr from 'ipaddr.js';

/** An IPv6 customer has a /64 of addresses at the least (RFC 6177); to us it is one. */
export function networkOf(ip: string | null): string {
  if (ip === null || !ipaddr.IPv6.isValid(ip)) return ip ?? '';
  return ipaddr.IPv6.parse(ip).parts.slice(0, 4).join(':');
}
