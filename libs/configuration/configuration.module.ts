import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Configuration } from './configuration.js';
import { PublicUrl } from './public-url.js';

@Global()
@Module({})
export class ConfigurationModule {
  static register(configuration: Configuration): DynamicModule {
    return {
      module: ConfigurationModule,
      providers: [{ provide: Configuration, useValue: configuration }, PublicUrl],
      exports: [Configuration, PublicUrl],
    };
  }
}
