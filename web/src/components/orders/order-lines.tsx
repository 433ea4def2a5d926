'use client'
import Link from 'next/link'
import { useLocale } from 'use-intl'
import type { components } from '@/lib/api/schema'
import { formatMoney } from '@/lib/money'

export function OrderLines({ lines }: { lines: components['schemas']['OrderLine'][] }) {
  const locale = useLocale()
  return (
    <ul className="mt-4 grid gap-3">
      {lines.map((line) => (
        <li key={line.id} className="flex justify-between gap-4">
          <Link href={`/courses/${line.slug}`} className="min-w-0 font-semibold break-words hover:underline">
            {line.title}
          </Link>
          <span className="shrink-0 tabular-nums">{formatMoney(line.price, locale)}</span>
        </li>
      ))}
    </ul>
  )
}
