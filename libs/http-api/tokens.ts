/** Injection token for the error forms that the application registers beside RFC 9457. */
export const ERROR_FORMS = Symbol('ERROR_FORMS');
