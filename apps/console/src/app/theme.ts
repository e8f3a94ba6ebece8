import { Button, createTheme, Modal, Table, Tooltip, type MantineColorsTuple } from '@mantine/core';

/** The blue of the gate: the sixth of them reads on white, the fourth on the dark page. */
const gate: MantineColorsTuple = [
  '#eaf4fd',
  '#d3e5f6',
  '#a4c9ee',
  '#72ace6',
  '#4b93df',
  '#3484db',
  '#1c5d99',
  '#195489',
  '#13497a',
  '#083c6a',
];

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
      defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 2 } },
    }),
    Table: Table.extend({ defaultProps: { verticalSpacing: 'xs', horizontalSpacing: 'sm' } }),
    Tooltip: Tooltip.extend({
      defaultProps: { withArrow: true, openDelay: 250, events: { hover: true, focus: true, touch: true } },
    }),
  },
});
