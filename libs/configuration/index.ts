export { Configuration, ConfigurationError } from './configuration.js';
export { ConfigurationModule } from './configuration.module.js';
export { IsCidr } from './is-cidr.js';
export { isPostgresUrl } from './is-postgres-url.js';
export { PublicUrl } from './public-url.js';
export { Variables } from './variables.js';
