import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Configuration, Variables } from '#configuration';
import { HealthController } from '../../apps/server/health.controller.js';
import {
  CONNECTIONS_BESIDE_POOL,
  readYaml,
  ROOT,
  shownSecrets,
  STOPS_WITHIN,
  unknownVariables,
} from './artefacts.js';

const FOLDER = 'deploy/kubernetes';
const files = readdirSync(join(ROOT, FOLDER), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .toSorted();
const manifests = files.map((name) => ({ name, manifest: readYaml(`${FOLDER}/${name}`) }));
const of = (name: string) => manifests.find((one) => one.name === `${name}.yaml`)!.manifest;
const deployment = of('deployment');
const pods = manifests
  .filter(({ manifest }) => manifest.spec?.template)
  .map(({ name, manifest }) => ({ name, pod: manifest.spec.template.spec }));
const [container] = deployment.spec.template.spec.containers;
const pathOf = (handler: (...parameters: never[]) => unknown) => `/${Reflect.getMetadata('path', handler)}`;
const { healthz, readyz } = HealthController.prototype;

describe('the Kubernetes manifests', () => {
  it.each(manifests)('$name is one object of the namespace, with a kind', ({ manifest }) => {
    expect(manifest).toMatchObject({ apiVersion: expect.any(String), kind: expect.any(String) });
    const { name, namespace = name } = manifest.metadata;
    expect(namespace).toBe('postern');
  });

  it.each(pods)('$name sets variables that there are, and no secret', ({ pod }) => {
    const names = pod.containers.flatMap(({ env }: any) => env.map(({ name }: any) => name));
    expect(names.length).toBeGreaterThan(0);
    expect(unknownVariables(names)).toEqual([]);
    expect(shownSecrets(names)).toEqual([]);
  });

  it('have settings that Postern starts with', () => {
    const { data } = of('configmap');
    expect(unknownVariables(Object.keys(data))).toEqual([]);
    expect(shownSecrets(Object.keys(data))).toEqual([]);
    expect(() => Configuration.from(data)).not.toThrow();
    expect(data.POSTERN_PUBLIC_URL).toBe(`https://${of('ingress').spec.rules[0].host}`);
    expect(of('ingress').spec.tls[0].hosts).toEqual([of('ingress').spec.rules[0].host]);
  });

  it.each(pods)('$name runs as nobody in particular, on a file system that is read-only', ({ pod }) => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10_001, seccompProfile: { type: 'RuntimeDefault' } },
    });
    for (const { securityContext, resources } of pod.containers) {
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(resources).toMatchObject({
        requests: { cpu: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
    }
    expect(of('namespace').metadata.labels['pod-security.kubernetes.io/enforce']).toBe('restricted');
  });

  it('hand each secret in as a file that is there', () => {
    const offered = Object.entries(of('optional/secret.example').stringData);
    expect(offered.map(([, value]) => value)).toEqual(offered.map(() => ''));
    const { mountPath } = container.volumeMounts.find(({ name }: any) => name === 'secrets');
    const asked = container.env.map(({ value }: any) => value.replace(`${mountPath}/`, ''));
    expect(asked.toSorted()).toEqual(offered.map(([key]) => key).toSorted());
  });

  it('probe the paths and the port that the server has', () => {
    expect(container.ports).toEqual([{ name: 'http', containerPort: new Variables().PORT }]);
    expect(container.startupProbe.httpGet).toEqual({ path: pathOf(healthz), port: 'http' });
    expect(container.livenessProbe.httpGet).toEqual({ path: pathOf(healthz), port: 'http' });
    expect(container.readinessProbe.httpGet).toEqual({ path: pathOf(readyz), port: 'http' });
    expect(of('service').spec.ports[0].targetPort).toBe('http');
    expect(of('networkpolicy').spec.ingress[0].ports).toEqual([{ port: 'http' }]);
  });

  it('leave a pod the time that it takes to end', () => {
    const [, pause] = container.lifecycle.preStop.exec.command;
    expect(deployment.spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThan(
      Number(pause) + STOPS_WITHIN,
    );
  });

  it('never take more connections than a PostgreSQL has by default', () => {
    const { minReplicas, maxReplicas } = of('horizontalpodautoscaler').spec;
    const { maxSurge, maxUnavailable } = deployment.spec.strategy.rollingUpdate;
    const each = Configuration.from(of('configmap').data).databasePoolMax + CONNECTIONS_BESIDE_POOL;
    expect((maxReplicas + maxSurge) * each).toBeLessThanOrEqual(97);
    expect(minReplicas).toBeGreaterThan(1);
    expect(maxUnavailable).toBe(0);
    expect(deployment.spec.replicas).toBeUndefined();
  });

  it('mean the same pods everywhere', () => {
    const { labels } = deployment.spec.template.metadata;
    for (const selector of [
      deployment.spec.selector.matchLabels,
      of('service').spec.selector,
      of('poddisruptionbudget').spec.selector.matchLabels,
      of('networkpolicy').spec.podSelector.matchLabels,
    ])
      expect(selector).toEqual(labels);
    expect(of('horizontalpodautoscaler').spec.scaleTargetRef.name).toBe(deployment.metadata.name);
    expect(of('optional/job-migrate').spec.template.metadata.labels).not.toEqual(labels);
  });
});
