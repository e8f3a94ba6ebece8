import type { Server } from 'node:http';
import { Injectable } from '@nestjs/common';

/** Whether this instance is about to end: it still answers everybody, and tells its balancer not to come again. */
@Injectable()
export class Draining {
  private begun = false;

  get hasBegun(): boolean {
    return this.begun;
  }

  /** From now on `/readyz` is red, and each answer closes its connection, so that the next request opens another elsewhere. */
  begin(http: Server): void {
    if (this.begun) return;
    this.begun = true;
    http.prependListener('request', (_, response) => response.setHeader('connection', 'close'));
  }
}
