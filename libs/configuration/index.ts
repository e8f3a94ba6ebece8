export { Configuration, ConfigurationError } from './configuration.js';
export { IsCidr } from './is-cidr.js';
export { Variables } from './variables.js';
