import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client';
import { Problem } from '../../api/problem';
import { say } from '../../ui/act';
import { fieldErrors } from '../../ui/form-errors';
import { BY_KEY } from './assurance/authentication';
import { keysFault } from './assurance/jwks';
import { changesOf, differences, valuesOf, type Setting, type SettingsValues } from './settings-values';
import { applicationKey, applicationOf, readApplication, type Application } from './use-application';

/**
 * An application's settings while they are typed. What is saved is what differs from the version that
 * typing began with, and only while that is the newest; else both versions are there to choose from.
 */
export function useSettings(application: Application) {
  const queries = useQueryClient();
  const [base, setBase] = useState(application);
  const [latest, setLatest] = useState(application);
  const [newest, setNewest] = useState<Application>();
  const [setAside, setSetAside] = useState<Partial<SettingsValues>>();
  const [error, setError] = useState<unknown>();
  const form = useForm<SettingsValues>({
    initialValues: valuesOf(application.client),
    validate: { jwks: (_, values) => faultOf(values) },
    validateInputOnBlur: ['jwks'],
  });
  const changed = differences(valuesOf(base.client), form.values);

  /** Typing goes on from another version. @param kept of what was typed, this stays */
  const restart = (from: Application, kept: Partial<SettingsValues> = {}) => {
    const values = { ...valuesOf(from.client), ...kept };
    setBase(from);
    setNewest(undefined);
    setError(undefined);
    form.clearErrors();
    form.setValues(values);
    return values;
  };

  // While nothing is typed, the form shows what was read last.
  if (application !== latest) {
    setLatest(application);
    if (application.etag !== base.etag && changed.length === 0) restart(application);
  }

  const save = useMutation({
    mutationFn: async ({ etag, values, names }: Attempt) =>
      applicationOf(
        await api.PATCH('/api/v1/clients/{client_id}', {
          params: {
            path: { client_id: base.client.client_id },
            header: etag === undefined ? {} : { 'If-Match': etag },
          },
          body: changesOf(values, names),
        }),
      ),
    onSuccess: (saved) => {
      queries.setQueryData(applicationKey(saved.client.client_id), saved);
      void queries.invalidateQueries({
        queryKey: ['clients'],
        predicate: ({ queryKey }) => queryKey[1] !== 'one',
      });
      void queries.invalidateQueries({ queryKey: ['audit-events'] });
      setSetAside(undefined);
      restart(saved);
      say('The settings are saved.');
    },
    onError: async (refusal) => {
      if (!(refusal instanceof Problem && refusal.isConflict)) return setError(fieldErrors(form, refusal));
      try {
        setNewest(await readApplication(base.client.client_id));
      } catch (failure) {
        setError(failure);
      }
    },
  });

  const begin = (attempt: Attempt) => {
    const fault = faultOf(attempt.values);
    if (fault === null) save.mutate(attempt);
    else form.setErrors({ jwks: fault });
  };

  return {
    form,
    base,
    changed,
    error,
    saving: save.isPending,
    /** The version that somebody else has saved meanwhile, until the person says which one shall be. */
    newest,
    save: () => {
      setError(undefined);
      form.clearErrors();
      begin({ etag: base.etag, values: form.values, names: changed });
    },
    discard: () => void restart(base),
    loadNewest: (from: Application) => {
      setSetAside(only(form.values, changed));
      restart(from);
    },
    saveOver: (from: Application) => {
      const names = changed;
      begin({ etag: from.etag, values: restart(from, only(form.values, names)), names });
    },
    /** What was typed before the newest version was loaded. */
    setAside,
    putBack: () => {
      restart(base, setAside);
      setSetAside(undefined);
    },
  };
}

export type SettingsState = ReturnType<typeof useSettings>;

interface Attempt {
  etag: string | undefined;
  values: SettingsValues;
  names: readonly Setting[];
}

/** What keeps it from being sent: a private key never leaves the page. */
function faultOf({ jwks, token_endpoint_auth_method }: SettingsValues): string | null {
  return keysFault(jwks, token_endpoint_auth_method === BY_KEY);
}

function only(values: SettingsValues, names: readonly Setting[]): Partial<SettingsValues> {
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}
