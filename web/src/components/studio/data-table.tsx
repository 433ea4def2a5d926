import { clsx } from 'clsx'

type Props = { caption: string; heads: string[]; rows: { key: string; cells: React.ReactNode[] }[]; className?: string }

/** Figures in rows; the first column names the row. It scrolls by itself where the screen is narrow. */
export function DataTable({ caption, heads, rows, className }: Props) {
  return (
    <div
      tabIndex={0}
      role="region"
      aria-label={caption}
      className={clsx('overflow-x-auto -outline-offset-2', className)}
    >
      <table className="w-full text-left text-[0.9375rem]">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line text-sm text-muted">
            {heads.map((head, index) => (
              <th key={head} scope="col" className={clsx('px-3 py-2 font-semibold', index > 0 && 'text-right')}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key} className="border-b border-line last:border-b-0">
              {cells.map((cell, index) =>
                index === 0 ? (
                  <th key={heads[index]} scope="row" className="px-3 py-2.5 font-medium">
                    {cell}
                  </th>
                ) : (
                  <td key={heads[index]} className="px-3 py-2.5 text-right whitespace-nowrap tabular-nums">
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
