import { Injectable } from '@nestjs/common';
import { Problem } from '#http-api';
import type { InventoryResource } from '../writable-resource.js';

/**
 * The imports that this process takes in, from the first byte to the answer: the second one of a
 * resource and customer is refused before its body is read. Between processes an advisory lock
 * does the same, once the body is there (`ImportStaging`).
 */
@Injectable()
export class RunningImports {
  private readonly running = new Set<string>();

  /**
   * @returns what ends the claim
   * @throws Problem 409 `import_running`
   */
  claim(resource: InventoryResource, customerId: string): Disposable {
    const key = `${resource.name} ${customerId}`;
    if (this.running.has(key)) throw importRunning(resource);
    this.running.add(key);
    return { [Symbol.dispose]: () => void this.running.delete(key) };
  }
}

/** The connection is closed, as the body of the one that is refused is not read. */
export function importRunning({ name }: InventoryResource): Problem {
  return new Problem(409, 'import_running', `Another import of ${name.replaceAll('-', ' ')} is running.`, {
    headers: { connection: 'close' },
  });
}
