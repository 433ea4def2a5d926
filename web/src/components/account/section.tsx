import { clsx } from 'clsx'

type Props = { title: string; text?: React.ReactNode; tone?: 'plain' | 'danger'; children: React.ReactNode }

export function Section({ title, text, tone = 'plain', children }: Props) {
  return (
    <section
      className={clsx(
        'rounded-card border bg-surface p-5 shadow-card sm:p-6',
        tone === 'danger' ? 'border-bad/40' : 'border-line',
      )}
    >
      <h2 className="text-lg font-bold">{title}</h2>
      {text && <p className="mt-1 text-[0.9375rem] text-muted">{text}</p>}
      <div className="mt-4">{children}</div>
    </section>
  )
}
