import type { Clock } from '#http-api';

/** Runs with the wall clock, and can be moved. */
export class MovableClock implements Clock {
  private offsetMs = 0;

  now(): Date {
    return new Date(Date.now() + this.offsetMs);
  }

  advance(seconds: number): void {
    this.offsetMs += seconds * 1000;
  }

  set(to: Date): void {
    this.offsetMs = to.getTime() - Date.now();
  }
}
