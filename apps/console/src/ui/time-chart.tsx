import { BarChart } from '@mantine/charts';
import { Box, VisuallyHidden } from '@mantine/core';
import { bucketLabel, type Bucket, type Range } from './time-buckets';

export interface TimeSeries {
  name: string;
  label: string;
  color: string;
}

interface TimeChartProps {
  /** What the picture shows, for those who do not see it. */
  label: string;
  range: Range;
  buckets: readonly Bucket[];
  series: readonly TimeSeries[];
  height?: number;
  /** Bars beside each other, where one is not a part of the other. */
  beside?: boolean;
}

/** Bars over time, stacked; the same numbers as a table for those who do not see them. Load it lazily. */
export default function TimeChart({ label, range, buckets, series, height = 220, beside }: TimeChartProps) {
  const data = buckets.map(({ start, values }) => ({ at: bucketLabel(range, start), ...values }));
  return (
    <Box pos="relative">
      <Box role="img" aria-label={label}>
        <BarChart
          h={height}
          data={data}
          dataKey="at"
          type={beside ? 'default' : 'stacked'}
          series={series.map((one) => ({ ...one }))}
          valueFormatter={(value) => value.toLocaleString()}
          tickLine="none"
          gridAxis="x"
          strokeDasharray="3 3"
          xAxisProps={{ minTickGap: 24, interval: 'preserveStartEnd' }}
          yAxisProps={{ allowDecimals: false, width: 40 }}
          barProps={{ isAnimationActive: false }}
          barChartProps={{ accessibilityLayer: false }}
          maxBarWidth={28}
        />
      </Box>
      <VisuallyHidden component="div">
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <th scope="col">From</th>
              {series.map(({ name, label: heading }) => (
                <th key={name} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {buckets.map(({ start, values }) => (
              <tr key={start.getTime()}>
                <th scope="row">{start.toLocaleString()}</th>
                {series.map(({ name }) => (
                  <td key={name}>{values[name] ?? 0}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </VisuallyHidden>
    </Box>
  );
}
