/** The page's end of the analysis worker: newest responses and settings in, pictures and table rows out. */
import { useEffect, useRef, useState } from 'react';
import type { Grouping } from '../../../core/analysis/bins.ts';
import type { FilterReport } from '../../../core/analysis/compareFilters.ts';
import type { Normalise } from '../../../core/analysis/criteria.ts';
import type { Discarded } from '../../../core/analysis/discarded.ts';
import type { StepsReport } from '../../../core/analysis/overSteps.ts';
import type { PhantomReport } from '../../../core/analysis/phantom.ts';
import type { Looks, NamedFilter } from '../../../core/analysis/rollouts.ts';
import type {
  AnalystCommand,
  AnalystEvent,
  Picture,
  PictureSettings,
} from '../../../lab/rollouts/analysis/analyst.ts';
import type { ShownResponses } from '../../../lab/rollouts/shownResponses.ts';

export interface AnalysisView {
  picture: Picture | null;
  reports: readonly FilterReport[];
  /** The table is still being computed. */
  busy: boolean;
  failure: string;
  phantom: PhantomReport | null;
  /** How the filters do over the steps. */
  steps: (
    named: NamedFilter | null,
  ) => Promise<{ report: StepsReport | null; labels: Record<string, string> }>;
  /** Why a filter does not learn from each row. */
  discarded: (named: NamedFilter) => Promise<Discarded>;
  /** The rows that a filter chooses, as the table chose them. */
  select: (named: NamedFilter) => Promise<Int32Array>;
}

export interface AnalysisAsk {
  /** More responses are still being read: the table waits for all of them. */
  reading: boolean;
  picture: PictureSettings;
  /** The edited filter, which stands before the standard ones; null while it has no rows. */
  edited: NamedFilter | null;
  looks: Looks;
  normalise: Normalise;
  grouping: Grouping;
  replicates: number;
  seed: number;
}

/** Statistics follow a drag or a running arm at this distance, so that they never race it. */
const pauseMs = 200;

export function useAnalysis(responses: ShownResponses | null, ask: AnalysisAsk): AnalysisView {
  const worker = useRef<Worker | null>(null);
  const loaded = useRef<ShownResponses | null>(null);
  const requests = useRef({ next: 1, picture: 0, table: 0 });
  const asked = useRef(
    new Map<number, { resolve: (event: AnalystEvent) => void; reject: (error: Error) => void }>(),
  );
  const [phantom, setPhantom] = useState<PhantomReport | null>(null);
  const [picture, setPicture] = useState<Picture | null>(null);
  const [table, setTable] = useState<Pick<AnalysisView, 'reports' | 'busy' | 'failure'>>({
    reports: [],
    busy: false,
    failure: '',
  });

  useEffect(() => {
    const started = new Worker(new URL('../../../../workers/analysis.ts', import.meta.url), {
      type: 'module',
    });
    let fresh: FilterReport[] = [];
    let of = 0;
    started.onmessage = ({ data }: MessageEvent<AnalystEvent>) => {
      const current = requests.current;
      if (data.type === 'picture') {
        if (data.request === current.picture) setPicture(data.picture);
        return;
      }
      const waiting = asked.current.get(data.request);
      if (waiting) {
        asked.current.delete(data.request);
        if (data.type === 'failed') waiting.reject(new Error(data.message));
        else waiting.resolve(data);
        return;
      }
      if (data.type === 'failed') {
        setTable((old) => ({ ...old, busy: false, failure: data.message }));
        return;
      }
      if (data.request !== current.table) return;
      if (data.type === 'phantom') {
        setPhantom(data.phantom);
        return;
      }
      if (of !== data.request) [fresh, of] = [[], data.request];
      if (data.type === 'row') fresh.push(data.report);
      const arrived = fresh;
      const busy = data.type !== 'done';
      // Old rows stay until new ones take their places: a table that empties itself cannot be read while a run trains.
      setTable((old) => ({
        reports: busy
          ? [...arrived, ...old.reports.filter((o) => !arrived.some((n) => n.id === o.id))]
          : [...arrived],
        busy,
        failure: '',
      }));
    };
    started.onerror = () => {
      setTable((old) => ({
        ...old,
        busy: false,
        failure: 'The analysis worker could not be started. Reload the page.',
      }));
    };
    worker.current = started;
    loaded.current = null;
    return () => {
      started.terminate();
      worker.current = null;
    };
  }, []);

  const { reading, picture: settings, edited, looks, normalise, grouping, replicates, seed } = ask;
  const post = (command: AnalystCommand) => worker.current?.postMessage(command);
  const load = () => {
    if (!responses || loaded.current === responses) return;
    loaded.current = responses;
    const given = responses.copy?.take();
    const load = given ?? { rollouts: responses.rollouts, texts: responses.texts };
    const columns = given ? [...Object.values(given.rollouts), ...Object.values(given.texts ?? {})] : [];
    worker.current?.postMessage(
      { type: 'load', ...load } satisfies AnalystCommand,
      columns.flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [])),
    );
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: post and load only reach for refs and `responses`
  useEffect(() => {
    if (!responses) return;
    const timer = setTimeout(() => {
      load();
      requests.current.picture = requests.current.next++;
      post({ type: 'picture', request: requests.current.picture, settings });
    }, 30);
    return () => clearTimeout(timer);
  }, [responses, settings]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: post and load only reach for refs and `responses`
  useEffect(() => {
    if (!responses || reading) return;
    const timer = setTimeout(() => {
      load();
      requests.current.table = requests.current.next++;
      setTable((old) => ({ ...old, busy: true }));
      const options = { grouping, replicates, seed, normalise };
      post({ type: 'table', request: requests.current.table, edited, looks, options });
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [responses, reading, edited, looks, normalise, grouping, replicates, seed]);

  /** Asks one thing and waits for its answer. */
  const answer = <T extends AnalystEvent['type']>(type: T, command: (request: number) => AnalystCommand) =>
    new Promise<AnalystEvent & { type: T }>((resolve, reject) => {
      load();
      const request = requests.current.next++;
      asked.current.set(request, {
        resolve: (event) =>
          event.type === type
            ? resolve(event as AnalystEvent & { type: T })
            : reject(new Error(`The analysis answered with ${event.type}.`)),
        reject,
      });
      post(command(request));
    });
  return {
    picture,
    ...table,
    phantom,
    select: async (named) =>
      (await answer('selected', (request) => ({ type: 'select', request, named, looks, seed }))).rows,
    steps: (named) =>
      answer('steps', (request) => ({ type: 'steps', request, edited: named, looks, seed, normalise })),
    discarded: async (named) =>
      (await answer('discarded', (request) => ({ type: 'discarded', request, named, looks, seed })))
        .discarded,
  };
}
