export { Configuration, ConfigurationError } from './configuration.js';
export { ConfigurationModule } from './configuration.module.js';
export { IsCidr } from './is-cidr.js';
export { Variables } from './variables.js';
