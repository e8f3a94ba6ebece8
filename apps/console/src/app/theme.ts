import {
  Button,
  createTheme,
  Modal,
  Table,
  Tooltip,
  type CSSVariablesResolver,
  type MantineColorsTuple,
} from '@mantine/core';

/** The blue of the gate: white reads on the sixth and, on the dark page, on the fifth, which has the fourth for text. */
const gate: MantineColorsTuple = [
  '#eaf4fd',
  '#d3e5f6',
  '#a4c9ee',
  '#72ace6',
  '#4b93df',
  '#2a74c4',
  '#1c5d99',
  '#195489',
  '#13497a',
  '#083c6a',
];

/** Buttons that say what they do; no red days, which mean nothing here and are hard to read. */
const CALENDAR = {
  weekendDays: [],
  ariaLabels: {
    previousMonth: 'Previous month',
    nextMonth: 'Next month',
    previousYear: 'Previous year',
    nextYear: 'Next year',
    previousDecade: 'Previous decade',
    nextDecade: 'Next decade',
  },
  // A dialog without a name is worse than none.
  popoverProps: { withRoles: false },
};

export const theme = createTheme({
  primaryColor: 'gate',
  primaryShade: { light: 6, dark: 5 },
  colors: { gate },
  autoContrast: true,
  cursorType: 'pointer',
  defaultRadius: 'md',
  focusRing: 'auto',
  fontFamily:
    'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
  fontFamilyMonospace:
    'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", "DejaVu Sans Mono", monospace',
  headings: { fontWeight: '650' },
  components: {
    Button: Button.extend({ defaultProps: { size: 'sm' } }),
    Modal: Modal.extend({
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.45, blur: 2 },
        closeButtonProps: { 'aria-label': 'Close' },
      },
    }),
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Close the message' } } },
    // By their names: the pickers themselves come with the pages that use them.
    DatePickerInput: { defaultProps: CALENDAR },
    DateTimePicker: { defaultProps: CALENDAR },
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    }),
  },
});

/** Said for each theme: Mantine does, and that goes before what is said for both. */
const RED_BUTTONS = {
  '--mantine-color-red-filled': 'var(--mantine-color-red-9)',
  '--mantine-color-red-filled-hover': '#b02525',
};

/** Where Mantine's own colours of text are too faint to read: WCAG 2.2 asks for 4.5 : 1 (§1.4.3). */
export const readableColors: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...RED_BUTTONS,
    '--mantine-color-dimmed': '#5f6770',
    '--mantine-color-placeholder': '#6b737c',
    '--mantine-color-error': 'var(--mantine-color-red-9)',
    '--mantine-color-red-text': 'var(--mantine-color-red-9)',
    '--mantine-color-teal-light-color': '#066a4c',
    '--mantine-color-teal-text': 'var(--mantine-color-teal-9)',
    '--mantine-color-yellow-light-color': '#7a4d00',
    '--mantine-color-orange-light-color': '#963a05',
    '--mantine-color-orange-text': '#b8460b',
    '--mantine-color-yellow-text': '#8a5a00',
  },
  dark: {
    ...RED_BUTTONS,
    '--mantine-color-anchor': 'var(--mantine-color-gate-3)',
    '--mantine-color-gate-text': 'var(--mantine-color-gate-3)',
    '--mantine-color-dimmed': '#a6a6a6',
    '--mantine-color-placeholder': '#a6a6a6',
    '--mantine-color-error': 'var(--mantine-color-red-4)',
  },
});
