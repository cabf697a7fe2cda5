import { type Chart, type ChartInput, layOut, size } from './chart.ts'

interface PlotProps {
  id: string
  title: string
  /** What the plot shows, in a sentence: for those who do not see it. */
  description: string
  kind: 'bars' | 'lines'
  input: ChartInput
  /** A value as people read it. */
  words(value: number): string
}

/** A plot over time, drawn on the server; the table below it says the same in numbers. */
export function Plot({ id, title, description, kind, input, words }: PlotProps) {
  const chart = layOut(input)
  return (
    <figure class="plot">
      <svg
        viewBox={`0 0 ${size.width} ${size.height}`}
        role="img"
        aria-labelledby={`${id}-title ${id}-description`}
        class="chart"
      >
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-description`}>{description}</desc>
        <Axes chart={chart} />
        {chart.series.map((series, index) =>
          kind === 'bars' ? (
            <Bars series={series} words={words} />
          ) : (
            <Line series={series} index={index} words={words} />
          ),
        )}
      </svg>
      {chart.series.length > 1 ? <Legend names={chart.series.map(({ name }) => name)} /> : null}
      <Numbers title={title} input={input} words={words} />
    </figure>
  )
}

function Axes({ chart }: { chart: Chart }) {
  return (
    <g class="axes">
      {chart.ticks.map(({ y, text }) => (
        <>
          <line x1={size.left} x2={size.width - size.right} y1={y} y2={y} />
          <text x={size.left - 8} y={y} dy="0.32em" text-anchor="end">
            {text}
          </text>
        </>
      ))}
      {chart.names.map(({ x, text }) => (
        <text x={x} y={size.height - 6} text-anchor="middle">
          {text}
        </text>
      ))}
    </g>
  )
}

interface SeriesProps {
  series: Chart['series'][number]
  words(value: number): string
}

function Bars({ series, words }: SeriesProps) {
  return (
    <g class="bars">
      {series.bars.map((bar, index) => {
        const point = series.points.filter(({ value }) => value > 0)[index]
        return (
          <rect {...bar} rx={2}>
            <title>{point ? `${point.label}: ${words(point.value)}` : ''}</title>
          </rect>
        )
      })}
    </g>
  )
}

function Line({ series, index, words }: SeriesProps & { index: number }) {
  return (
    <g class={`line line-${index + 1}`}>
      <path d={series.path} />
      {series.points.map(({ x, y, value, label }) => (
        <circle cx={x} cy={y} r={3}>
          <title>{`${label}, ${series.name}: ${words(value)}`}</title>
        </circle>
      ))}
    </g>
  )
}

function Legend({ names }: { names: string[] }) {
  return (
    <ul class="legend">
      {names.map((name, index) => (
        <li class={`line-${index + 1}`}>{name}</li>
      ))}
    </ul>
  )
}

function Numbers({ title, input: { labels, series }, words }: Pick<PlotProps, 'title' | 'input' | 'words'>) {
  return (
    <details class="numbers">
      <summary>In numbers</summary>
      <table class="table narrow">
        <caption class="unseen">{title}</caption>
        <thead>
          <tr>
            <th scope="col">From</th>
            {series.map(({ name }) => (
              <th scope="col" class="right">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {labels.map((label, row) => (
            <tr>
              <th scope="row">{label}</th>
              {series.map(({ name, values }) => (
                <td class="right" data-label={name}>
                  {values[row] === undefined ? '–' : words(values[row])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  )
}
