import type { EpochRate } from '@thaw/client';
import { memo } from 'react';
import {
  Area,
  AreaChart,
  CartesianGrid,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
  type TooltipContentProps,
} from 'recharts';
import { formatTime } from '../../format/index.js';
import {
  describe,
  domainOf,
  figureOf,
  ticksOf,
  pointsOf,
  type Metric,
  type Point,
} from './chartPoints.js';
import styles from './RateChart.module.css';

export interface RateChartProps {
  rates: readonly EpochRate[];
  metric: Metric;
}

const TICK = { fill: 'var(--text-2)', fontSize: 12 };

/**
 * A metric over epochs. In a file of its own with the charting library, so that both are loaded only
 * where a chart is drawn. Takes focus; arrow keys go from epoch to epoch.
 */
function RateChart({ rates, metric }: RateChartProps) {
  const points = pointsOf(rates, metric);
  const domain = domainOf(points);
  const { ticks, places } = ticksOf(domain);
  const tick = (value: number) =>
    value.toLocaleString(undefined, {
      minimumFractionDigits: places,
      maximumFractionDigits: places,
    }) + (metric === 'apy' ? '%' : '');
  return (
    <ResponsiveContainer width="100%" height="100%" debounce={50}>
      <AreaChart
        data={points}
        margin={{ top: 8, right: 12, bottom: 0, left: 0 }}
        accessibilityLayer
        title={metric === 'rate' ? 'Rate over epochs' : 'APY over epochs'}
        desc={describe(rates, metric)}
      >
        <CartesianGrid stroke="var(--line)" vertical={false} syncWithTicks />
        <XAxis
          dataKey="epoch"
          tick={TICK}
          tickLine={false}
          axisLine={{ stroke: 'var(--line)' }}
          minTickGap={24}
        />
        <YAxis
          domain={domain}
          tick={TICK}
          tickLine={false}
          axisLine={false}
          tickFormatter={tick}
          ticks={ticks}
          interval={0}
          width="auto"
        />
        <Tooltip
          isAnimationActive={false}
          content={(props) => <Figure {...props} metric={metric} />}
        />
        <Area
          dataKey="value"
          type="linear"
          stroke="var(--series-1)"
          strokeWidth={2}
          fill="var(--ice-soft)"
          fillOpacity={0.6}
          // From the axis up would say that the rate began at its lowest tick.
          baseValue="dataMin"
          isAnimationActive={false}
          dot={points.length <= 16 ? { r: 2.5, fill: 'var(--series-1)' } : false}
          activeDot={{ r: 5 }}
        />
      </AreaChart>
    </ResponsiveContainer>
  );
}

// The page around it counts seconds; the chart has no part in that.
export default memo(RateChart);

type FigureProps = Pick<TooltipContentProps, 'active' | 'payload'> & { readonly metric: Metric };

/** What the chart says of the epoch under the pointer or the keys; read out as it changes. */
function Figure({ active, payload, metric }: FigureProps) {
  const point = payload[0]?.payload as Point | undefined;
  if (!active || point === undefined) return null;
  return (
    <div className={styles.tooltip} role="status">
      <strong>Epoch {point.epoch}</strong>
      <span>{figureOf(point.rate, metric)}</span>
      <span className={styles.time}>{formatTime(point.rate.unixTime)}</span>
    </div>
  );
}
