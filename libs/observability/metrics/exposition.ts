import { collectDefaultMetrics, Registry, type Metric, type RegistryContentType } from 'prom-client';
import type { Figure } from './figure.js';

export type ExpositionFormat = 'text/plain' | 'application/openmetrics-text';

/** What prom-client asks of a metric when it writes it down. */
interface Collected {
  name: string;
  help: string;
  type: string;
  values: { labels: Record<string, string>; value: number; metricName?: string }[];
}

/** As the library hands it out, and takes it back; its types show less. */
interface Source {
  name: string;
  type: string;
  get(): Collected | Promise<Collected>;
}

/** The process's own: its memory, event loop and garbage. One set, whatever number of servers is in it. */
let ofProcess: Registry | undefined;

function processFigures(): Source[] {
  if (!ofProcess) collectDefaultMetrics({ register: (ofProcess = new Registry()) });
  return ofProcess.getMetricsAsArray() as unknown as Source[];
}

/**
 * Writes figures down in Prometheus's text format or in OpenMetrics. Each format has a registry of its
 * own, of views: the library takes `_total` off a counter's own name where it writes OpenMetrics.
 */
export class Exposition {
  private readonly registries = {
    'text/plain': new Registry(),
    'application/openmetrics-text': openMetrics(),
  };

  constructor() {
    for (const metric of processFigures()) this.register(metric);
  }

  add(figure: Figure): void {
    const { type, definition } = figure;
    const { name, help } = definition;
    this.register({ name, type, get: () => ({ name, help, type, values: valuesOf(figure) }) });
  }

  async text(format: ExpositionFormat): Promise<{ text: string; contentType: string }> {
    const registry = this.registries[format];
    return { text: await registry.metrics(), contentType: registry.contentType };
  }

  private register(source: Source): void {
    for (const registry of Object.values(this.registries))
      registry.registerMetric(new View(source) as unknown as Metric);
  }
}

/** A metric as one registry sees it, which may rename it. */
class View implements Source {
  name: string;
  readonly type: string;

  constructor(private readonly source: Source) {
    this.name = source.name;
    this.type = source.type;
  }

  async get(): Promise<Collected> {
    return { ...(await this.source.get()), name: this.name };
  }
}

function openMetrics(): Registry {
  const registry = new Registry();
  (registry as Registry<RegistryContentType>).setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  return registry;
}

function valuesOf(figure: Figure): Collected['values'] {
  return Array.from(figure.read(), ({ name, labels, value }) => ({ metricName: name, labels, value }));
}
