'use client'
import { useFormatter, useTranslations } from 'use-intl'
import type { components } from '@/lib/api/schema'
import { DataTable } from './data-table'

export function LessonTable({ lessons }: { lessons: components['schemas']['LessonAnalytics'][] }) {
  const t = useTranslations('studio.analytics')
  const format = useFormatter()
  return (
    <section className="min-w-0 rounded-card border border-line bg-surface p-5 shadow-card">
      <h3 className="text-lg font-bold">{t('lessons')}</h3>
      <DataTable
        className="mt-3"
        caption={t('lessons')}
        heads={[t('lesson'), t('begun'), t('completedBy'), t('share')]}
        rows={lessons.map(({ id, title, begun, completed }) => ({
          key: id,
          cells: [
            title,
            format.number(begun),
            format.number(completed),
            begun === 0 ? '–' : format.number(completed / begun, { style: 'percent' }),
          ],
        }))}
      />
    </section>
  )
}
