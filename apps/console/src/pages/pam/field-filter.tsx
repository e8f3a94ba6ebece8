import { ChoiceFilter, DayRangeFilter, TextFilter } from '../../ui/filters';
import type { ListState } from '../../ui/list-state';
import { RangeFilter } from './range-filter';
import { filtersOf, type Field } from './resource';

const YES_NO = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

/** What filters by a field, as fits its kind. */
export function FieldFilter({ field, state }: { field: Field & { name: string }; state: ListState }) {
  const [first, second] = filtersOf(field) as [string, string];
  const label = field.label.toLowerCase();
  switch (field.kind) {
    case 'choice':
      return <ChoiceFilter state={state} name={first} label={label} choices={field.values} />;
    case 'boolean':
      return <ChoiceFilter state={state} name={first} label={label} choices={YES_NO} />;
    case 'time':
      return <DayRangeFilter state={state} name={field.name} label={label} from={first} to={second} />;
    case 'number':
      return <RangeFilter state={state} name={field.name} label={label} />;
    case 'numbers':
      return <TextFilter state={state} name={first} label={label} inputMode="numeric" />;
    default:
      return <TextFilter state={state} name={first} label={label} />;
  }
}
