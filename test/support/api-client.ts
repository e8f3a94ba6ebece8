export interface ApiResponse<Body = any> {
  status: number;
  headers: Headers;
  /** Parsed where the answer is JSON. */
  body: Body;
  text: string;
}

interface RequestOptions {
  /** An object goes as JSON, a URLSearchParams as a form, a string as it is. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** Speaks HTTP to a listening server, under one set of credentials or none. */
export class ApiClient {
  constructor(
    readonly url: string,
    private readonly authorization?: string,
  ) {}

  static basic(url: string, clientId: string, clientSecret: string): ApiClient {
    return new ApiClient(url, basicAuthorization(clientId, clientSecret));
  }

  static bearer(url: string, token: string): ApiClient {
    return new ApiClient(url, `Bearer ${token}`);
  }

  /** The same credentials at another server. */
  at(url: string): ApiClient {
    return new ApiClient(url, this.authorization);
  }

  get = (path: string, options?: RequestOptions) => this.request('GET', path, options);
  post = (path: string, options?: RequestOptions) => this.request('POST', path, options);
  put = (path: string, options?: RequestOptions) => this.request('PUT', path, options);
  patch = (path: string, options?: RequestOptions) => this.request('PATCH', path, options);
  delete = (path: string, options?: RequestOptions) => this.request('DELETE', path, options);

  async request(
    method: string,
    path: string,
    { body, headers = {} }: RequestOptions = {},
  ): Promise<ApiResponse> {
    const json =
      typeof body === 'object' &&
      body !== null &&
      !(body instanceof URLSearchParams) &&
      !(body instanceof Uint8Array);
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.authorization ? { authorization: this.authorization } : {}),
        ...(json ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      body: json ? JSON.stringify(body) : (body as string | URLSearchParams | undefined),
      redirect: 'manual',
    });
    const text = await response.text();
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text ? JSON.parse(text) : undefined,
    };
  }
}

export function basicAuthorization(clientId: string, clientSecret: string): string {
  return `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
}
