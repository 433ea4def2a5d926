type Props = { title: string; text?: string; children: React.ReactNode }

export function AuthCard({ title, text, children }: Props) {
  return (
    <div className="rounded-card border border-line bg-surface p-6 shadow-card sm:p-8">
      <h1 className="text-2xl font-extrabold sm:text-3xl">{title}</h1>
      {text && <p className="mt-2 text-muted">{text}</p>}
      <div className="mt-6">{children}</div>
    </div>
  )
}
