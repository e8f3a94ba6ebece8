import { applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';

/** Documents a conditional read: 304 for a copy that is still good. */
export function ApiETag(): MethodDecorator {
  return applyDecorators(
    ApiHeader({ name: 'If-None-Match', required: false, description: 'The `ETag` of a copy at hand.' }),
    ApiResponse({ status: 304, description: 'The copy at hand is still good.' }),
  );
}

/** Documents a conditional change: 412 where somebody changed it in between. */
export function ApiIfMatch(): MethodDecorator {
  return ApiHeader({
    name: 'If-Match',
    required: false,
    description: 'The `ETag` that was read; a stale one is refused with 412.',
  });
}
