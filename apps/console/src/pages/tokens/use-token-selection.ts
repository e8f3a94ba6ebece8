import { useMemo, useState } from 'react';
import type { Selection } from '../../ui/data-table';
import type { Token } from './tokens';

/** The tokens that are chosen; they stay so when the list shows others. */
export function useTokenSelection(shown: readonly Token[] | undefined) {
  const [chosen, setChosen] = useState<ReadonlyMap<string, Token>>(new Map());
  const known = useMemo(
    () => new Map([...chosen, ...(shown ?? []).map((token) => [token.id, token] as const)]),
    [chosen, shown],
  );
  const choose = (ids: Iterable<string>) =>
    setChosen(
      new Map(
        [...ids].flatMap((id) => {
          const token = known.get(id);
          return token ? [[id, token] as const] : [];
        }),
      ),
    );
  const ofTable: Selection = {
    selected: new Set(chosen.keys()),
    onChange: choose,
    nameOf: (id) => known.get(id)?.hint ?? id,
  };
  return {
    ofTable,
    /** As the list has them now, where it does. */
    tokens: [...chosen.keys()].flatMap((id) => known.get(id) ?? []),
    clear: () => setChosen(new Map()),
    remove: (ids: ReadonlySet<string>) => choose([...chosen.keys()].filter((id) => !ids.has(id))),
  };
}
