import type { FormErrors, GetInputPropsReturnType } from '@mantine/form';
import { BY_KEY } from './authentication';

/** How an application is kept to more than a secret, as a form holds it. By the API's names. */
export interface AssuranceValues {
  token_endpoint_auth_method: string;
  /** JSON, while it is typed. */
  jwks: string;
  require_pkce: boolean;
  require_par: boolean;
  dpop_bound_access_tokens: boolean;
  /** One a line. */
  resources: string;
  profile: 'fapi2' | null;
}

/** Of the form of a new application, and of one that is there. */
export interface AssuranceForm {
  values: AssuranceValues;
  errors: FormErrors;
  getInputProps(
    name: keyof AssuranceValues,
    options?: { type?: 'input' | 'checkbox' },
  ): GetInputPropsReturnType;
  setValues(values: Partial<AssuranceValues>): void;
}

/** What the profile leaves no choice of (FAPI 2.0 Security Profile §5.3.2). */
export const FAPI2 = {
  profile: 'fapi2',
  token_endpoint_auth_method: BY_KEY,
  require_pkce: true,
  require_par: true,
  dpop_bound_access_tokens: true,
} as const satisfies Partial<AssuranceValues>;

/** Whether the profile says what a field is. */
export function isHeld({ profile }: AssuranceValues): boolean {
  return profile === 'fapi2';
}

export const HELD = 'The FAPI 2.0 profile asks for this.';
