import type { FastifyRequest } from 'fastify';
import type { TraceContext } from './trace-context.js';

export type SpanAttributes = Record<string, string | number>;

/** Something that is under way. */
export interface OpenSpan {
  /** @param error why it came to nothing: its code is told, and never its words, which may hold values */
  end(error?: unknown): void;
}

/** A request that is under way. */
export interface RequestSpan {
  readonly trace: TraceContext;
  /** Runs what belongs to it: all that is begun meanwhile is part of it. */
  run(work: () => void): void;
  end(answer: { statusCode: number; errorCode?: string; finished: boolean }): void;
}

/** Where spans are recorded. */
export interface Recorder {
  request(request: FastifyRequest): RequestSpan;
  begin(name: string, attributes: SpanAttributes): OpenSpan | undefined;
  /** Sends what there is, in bounded time. */
  close(): Promise<void>;
}

/** The spans of one server. Where there is no collector nothing is recorded, and nothing is loaded for it. */
export class Tracing {
  constructor(readonly recorder?: Recorder) {}

  /** Part of the request that is under way; undefined where none is, or nothing is recorded. */
  begin(name: string, attributes: SpanAttributes = {}): OpenSpan | undefined {
    return this.recorder?.begin(name, attributes);
  }

  /** After the last answer. */
  async onApplicationShutdown(): Promise<void> {
    await this.recorder?.close();
  }
}
