import { STATUS_CODES } from 'node:http';
import type { Problem, ProblemDocument } from './problem.js';

export interface ErrorResponse {
  status: number;
  headers: Record<string, string>;
  /** Sent as JSON; text as it is. */
  body: object | string;
}

/** How one family of endpoints words its errors. The longest matching prefix wins. */
export interface ErrorForm {
  prefix: string;
  render(problem: Problem, requestId: string): ErrorResponse;
}

/** RFC 9457, the form of every API of our own. */
export const problemForm: ErrorForm = {
  prefix: '/',
  render: (problem, requestId) => {
    const body: ProblemDocument = {
      type: `urn:postern:problem:${problem.code}`,
      title: STATUS_CODES[problem.status] ?? 'Error',
      status: problem.status,
      detail: problem.detail,
      code: problem.code,
      request_id: requestId,
      errors: problem.errors,
      ...problem.extensions,
    };
    return {
      status: problem.status,
      headers: { ...problem.headers, 'content-type': 'application/problem+json; charset=utf-8' },
      body,
    };
  },
};
