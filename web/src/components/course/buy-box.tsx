import { FileText, Infinity as Always, MonitorSmartphone, NotebookPen, Play } from 'lucide-react'
import { PreviewButton } from '@/components/preview/preview-button'
import { getTranslations } from '@/i18n/server'
import { lessonToPreview } from '@/lib/catalog/course'
import type { CoursePage } from '@/lib/catalog/types'
import { AccessActions } from './access-actions'
import { Cover } from './cover'
import { Price } from './price'

/** What the course costs and how it is opened, beside the page or below its head. */
export async function BuyBox({ course }: { course: CoursePage }) {
  const t = await getTranslations('catalog')
  const { state } = course.access
  const offered = state !== 'enrolled' && state !== 'owner'
  const preview = lessonToPreview(course.curriculum)
  return (
    <aside
      aria-label={t('box.label')}
      className="relative z-10 -mt-6 h-fit lg:sticky lg:top-20 lg:col-start-2 lg:row-start-1 lg:-mt-72 lg:max-h-[calc(100dvh-6rem)] lg:overflow-y-auto lg:rounded-card"
    >
      <div className="overflow-hidden rounded-card border border-line bg-surface shadow-lift">
        <div className="relative aspect-video bg-raised">
          <Cover course={course} first className="size-full" />
          {preview && offered && (
            <PreviewButton
              lesson={{ id: preview.id, title: preview.title, kind: preview.kind }}
              className="group absolute inset-0 grid place-items-center bg-night/20 -outline-offset-4 transition-colors hover:bg-night/35"
            >
              <span className="inline-flex h-11 items-center gap-2 rounded-full bg-surface px-4 text-sm font-bold text-ink shadow-card">
                {preview.kind === 'video' ? (
                  <Play className="size-4 fill-ink" aria-hidden />
                ) : (
                  <FileText className="size-4" aria-hidden />
                )}
                {preview.kind === 'video' ? t('box.watchPreview') : t('box.readPreview')}
              </span>
            </PreviewButton>
          )}
        </div>
        <div className="p-5">
          {offered && <Price course={course} large />}
          <AccessActions course={course} />
          {offered && (
            <ul className="mt-5 grid gap-2.5 border-t border-line pt-5 text-sm text-muted">
              <Included icon={Always}>
                {course.price.amount_minor === 0 ? t('box.freeForGood') : t('box.forGood')}
              </Included>
              <Included icon={NotebookPen}>{t('box.notes')}</Included>
              <Included icon={MonitorSmartphone}>{t('box.devices')}</Included>
            </ul>
          )}
        </div>
      </div>
    </aside>
  )
}

function Included({ icon: Icon, children }: { icon: typeof Always; children: React.ReactNode }) {
  return (
    <li className="flex gap-2.5">
      <Icon className="size-5 shrink-0" aria-hidden />
      {children}
    </li>
  )
}
