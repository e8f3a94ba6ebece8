import type { FastifyReply } from 'fastify';

/** Adds a request header to `Vary` (RFC 9110 §12.5.5): what the answer would differ by. */
export function varyBy(reply: FastifyReply, header: string): void {
  const before = [reply.getHeader('vary') ?? []].flat().map(String);
  const names = before.flatMap((one) => one.split(',')).map((one) => one.trim().toLowerCase());
  if (names.includes(header)) return;
  void reply.header('vary', [...before, header].join(', '));
}
