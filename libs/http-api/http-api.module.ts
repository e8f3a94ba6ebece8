import { Global, Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Clock } from './clock.js';
import type { ErrorForm } from './errors/error-form.js';
import { ErrorFilter } from './errors/error.filter.js';
import { Lists } from './lists/lists.js';
import { PageCookies } from './pages/page-cookies.js';
import { ERROR_FORMS } from './tokens.js';

@Global()
@Module({})
export class HttpApiModule {
  static register({ clock, errorForms }: { clock: Clock; errorForms: ErrorForm[] }): DynamicModule {
    return {
      module: HttpApiModule,
      providers: [
        { provide: Clock, useValue: clock },
        { provide: ERROR_FORMS, useValue: errorForms },
        ErrorFilter,
        { provide: APP_FILTER, useExisting: ErrorFilter },
        Lists,
        PageCookies,
      ],
      exports: [Clock, Lists, ErrorFilter, PageCookies],
    };
  }
}
