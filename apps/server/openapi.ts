import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { SWAGGER_UI_CLIENT } from '#clients';
import { PublicUrl } from '#configuration';
import { ProblemDocument } from '#http-api';
import { BUILT_IN_SCOPES } from '#oauth-protocol';

const DESCRIPTION = `Postern is the side gate of a privileged access management (PAM) platform: an OAuth 2.0 server
for API applications.

1. Register an application: \`POST /api/v1/clients\` with a name.
2. Get a token: \`POST /oauth2/token\` with its id and secret, or let an operator hand one out.
3. Read PAM data: \`GET /pam/v1/…\` with the token.
4. See every refusal: \`GET /api/v1/audit-events\`.`;

/** The OpenAPI document, generated from the decorators. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const configuration = new DocumentBuilder()
    .setTitle('Postern')
    .setVersion('1.0.0')
    .setDescription(DESCRIPTION)
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This server')
    .addTag('OAuth 2.0', 'Getting tokens.')
    .addTag('Clients', 'API applications and their secrets.')
    .addTag('Tokens', 'Every access token: listed, handed out, revoked.')
    .addTag('Customers', 'The tenants: whose everything is.')
    .addTag('Operators', 'The people: who they are and what they may do.')
    .addTag('My account', 'What a person does about himself.')
    .addTag('Scopes', 'The catalogue of what clients can be given.')
    .addTag('Audit log', 'Who did what, and every refused call.')
    .addTag('PAM data', 'Read-only: GET and HEAD alone.')
    .addTag('Inventory', 'Bringing PAM data in.')
    .addTag('API clients (configuration API)', 'The same clients, for scripts written for that API.')
    .addTag('OAuth controller', 'The same code flow, for scripts written for that API.')
    .addTag('PAM apps', 'The same users, for scripts written for that API.')
    .addTag('Operations', 'For whoever runs this server.')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'A client’s id and secret.' }, 'basic')
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description:
          'An access token. One that is bound to a key goes as `Authorization: DPoP …`, with a proof in the header `DPoP` (RFC 9449).',
      },
      'bearer',
    )
    .addOAuth2(
      {
        type: 'oauth2',
        description: 'A client’s id and secret, exchanged for a token.',
        flows: { clientCredentials: { tokenUrl: '/oauth2/token', scopes: BUILT_IN_SCOPES } },
      },
      'oauth2',
    )
    .addOAuth2(
      {
        type: 'oauth2',
        description: `You yourself, with what your role allows. Leave the client id \`${SWAGGER_UI_CLIENT}\` as it is and the secret empty; no scope means all that you may have.`,
        flows: {
          authorizationCode: {
            authorizationUrl: '/oauth2/authorize',
            tokenUrl: '/oauth2/token',
            refreshUrl: '/oauth2/token',
            scopes: BUILT_IN_SCOPES,
          },
        },
      },
      'person',
    )
    .build();
  return SwaggerModule.createDocument(app, configuration, { extraModels: [ProblemDocument] });
}

/** Swagger UI at /docs, the document at /openapi.json and /openapi.yaml: made when it is first asked for. */
export function serveOpenApi(app: NestFastifyApplication): void {
  const publicUrl = app.get(PublicUrl);
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
    customSiteTitle: 'Postern API',
    swaggerOptions: {
      displayRequestDuration: true,
      tryItOutEnabled: true,
      docExpansion: 'list',
      filter: true,
      initOAuth: { clientId: SWAGGER_UI_CLIENT, usePkceWithAuthorizationCodeGrant: true },
      // Read with the first page: where this server is, is not known before it listens.
      get oauth2RedirectUrl() {
        return `${publicUrl.issuer}/docs/oauth2-redirect.html`;
      },
    },
  });
}
