export { ReadOnlyResourcesModule } from './read-only-resources.module.js';
export { defineResource, type Resource } from './resource.js';
export { ResourceDefinitionError } from './resource-fields.js';
export { ResourceReader } from './resource-reader.js';
export { resources } from './resources.js';
