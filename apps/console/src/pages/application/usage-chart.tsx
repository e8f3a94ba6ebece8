import { BarChart } from '@mantine/charts';
import { plural } from '../../ui/time-text';
import { stepText, type UsageItem, type UsageStep } from './usage-steps';

/** Requests and refusals side by side: some of the refused are among the requests. */
export default function UsageChart({
  items,
  per,
  height,
}: {
  items: readonly UsageItem[];
  per: UsageStep;
  height: number;
}) {
  const most = items.reduce((top, { requests }) => Math.max(top, requests), 0);
  return (
    <div
      role="img"
      aria-label={`Requests and refusals over time: at most ${plural(most, 'request')} in a bar. The numbers are below.`}
    >
      <BarChart
        h={height}
        data={items.map(({ at, requests, refusals }) => ({ at: stepText(at, per), requests, refusals }))}
        dataKey="at"
        series={[
          { name: 'requests', label: 'Requests', color: 'gate.5' },
          { name: 'refusals', label: 'Refusals', color: 'red.6' },
        ]}
        withLegend
        tickLine="y"
        valueFormatter={(value) => value.toLocaleString()}
        xAxisProps={{ minTickGap: 32 }}
        yAxisProps={{ allowDecimals: false, domain: [0, (top: number) => Math.max(top, 4)], width: 56 }}
        // The picture has its text; its bars are no stops for the keyboard.
        accessibilityLayer={false}
        barProps={{ isAnimationActive: false }}
      />
    </div>
  );
}
