import { applyDecorators, Header } from '@nestjs/common';
import { ApiProperty, ApiResponse } from '@nestjs/swagger';
import type { ErrorForm, Problem } from '#http-api';

export const API_CLIENTS_PATH = 'api/v1/configuration/api-clients';

/** The error table of the seed `003_…`. */
const MESSAGES: Record<number, { error: string; message: string }> = {
  400: { error: 'invalid_request', message: 'One or more parameters is missing or incorrect.' },
  401: { error: 'unauthorized', message: 'Provide valid credentials to get access to the API.' },
  403: { error: 'forbidden', message: 'Operation is not allowed for the current user.' },
  404: { error: 'not_found', message: '"API Client" configuration cannot be found for this client_id' },
  409: {
    error: 'conflict',
    message: 'The Client ID already exists for a different API client, Web client or Device',
  },
};

export class ApiClientsErrorDto {
  @ApiProperty({ description: 'The error’s code.', example: 'invalid_request' })
  error: string;

  @ApiProperty({
    description: 'The error in words.',
    example: 'One or more parameters is missing or incorrect.',
  })
  message: string;

  @ApiProperty({
    description: 'What exactly is wrong: for bad input, each parameter.',
    type: [String],
    example: ['name must be a string'],
  })
  details: string[];
}

/** Every answer is kept by nobody; the codes say what may be wrong, beside 401 and 403. */
export function ApiClientsAnswer(...codes: number[]): MethodDecorator {
  return applyDecorators(
    Header('content-type', 'application/json;charset=UTF-8'),
    Header('cache-control', 'no-store'),
    Header('pragma', 'no-cache'),
    ...[401, 403, ...codes].map((status) =>
      ApiResponse({ status, type: ApiClientsErrorDto, description: MESSAGES[status]!.message }),
    ),
  );
}

/** `{error, message, details}`, by that system's table. */
export const apiClientsErrorForm: ErrorForm = {
  prefix: '/api/v1/configuration/',
  render: (problem, requestId) => {
    const status = statusOf(problem);
    const { error, message } = entryOf(problem, status);
    const faults = problem.errors?.map(({ field, message: fault }) => `${field} ${fault}`);
    return {
      status,
      headers: {
        ...problem.headers,
        'content-type': 'application/json;charset=UTF-8',
        'cache-control': 'no-store',
        pragma: 'no-cache',
      },
      body: { error, message, details: faults ?? [problem.detail, `request ${requestId}`] },
    };
  },
};

/** The table's conflict is one of ids: anything else that is taken is a parameter that is not right. */
function statusOf({ status, errors }: Problem): number {
  return status === 409 && errors?.[0]?.field !== 'client_id' ? 400 : status;
}

/** A body of another type, one that is too large, another verb: a request that is not right. */
function entryOf({ code }: Problem, status: number): { error: string; message: string } {
  if (status === 429 || status >= 500) return { error: code, message: 'The request could not be served.' };
  return MESSAGES[status] ?? MESSAGES[400]!;
}
