'use client'
import { clsx } from 'clsx'
import { Ellipsis, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Confirm } from '@/components/shell/confirm'
import { Button, buttonStyles } from '@/components/ui/button'
import { inputStyles } from '@/components/ui/field'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/components/ui/menu'
import { cn } from '@/lib/cn'
import type { Section } from '@/lib/studio/curriculum'
import { Handle } from './handle'
import { LessonRow } from './lesson-row'
import type { LessonMedia } from './queries'
import { TitleForm } from './title-form'
import type { Curriculum } from './use-curriculum'
import type { Reorder } from './use-reorder'

type Props = {
  courseId: string
  section: Section
  number: number
  sections: readonly Section[]
  media: LessonMedia[]
  curriculum: Curriculum
  reorder: Reorder
}

export function SectionCard({ courseId, section, number, sections, media, curriculum, reorder }: Props) {
  const t = useTranslations('studio.curriculum')
  const [doing, setDoing] = useState<'renaming' | 'adding' | 'deleting' | null>(null)
  const stop = () => setDoing(null)
  const item = { kind: 'section', id: section.id } as const
  const { title } = section
  return (
    <li
      data-section={section.id}
      className={clsx(
        'rounded-card border bg-surface shadow-card',
        reorder.lifted?.id === section.id ? 'border-accent' : 'border-line',
      )}
    >
      <div className="flex items-center gap-1 p-2">
        <Handle item={item} title={title} reorder={reorder} />
        {doing === 'renaming' ? (
          <TitleForm
            label={t('sectionTitle')}
            action={t('rename')}
            title={title}
            onCancel={stop}
            onSave={async (typed) => (await curriculum.renameSection(section.id, typed)) && stop()}
          />
        ) : (
          <h3 className="min-w-0 flex-1 font-bold">
            {number}. {title}
          </h3>
        )}
        <Menu>
          <MenuTrigger aria-label={t('more', { title })} className={buttonStyles({ tone: 'ghost', size: 'icon' })}>
            <Ellipsis className="size-5" aria-hidden />
          </MenuTrigger>
          <MenuContent>
            <MenuItem onClick={() => setDoing('renaming')}>{t('rename')}</MenuItem>
            <MenuItem onClick={() => reorder.step(item, -1)}>{t('moveUp')}</MenuItem>
            <MenuItem onClick={() => reorder.step(item, 1)}>{t('moveDown')}</MenuItem>
            <MenuSeparator />
            <MenuItem className="text-bad" onClick={() => setDoing('deleting')}>
              {t('delete')}
            </MenuItem>
          </MenuContent>
        </Menu>
      </div>
      <ol className="border-t border-line">
        {section.lessons.map((lesson) => (
          <LessonRow
            key={lesson.id}
            courseId={courseId}
            section={section}
            lesson={lesson}
            sections={sections}
            media={media.find((each) => each.lesson_id === lesson.id)}
            curriculum={curriculum}
            reorder={reorder}
          />
        ))}
      </ol>
      {section.lessons.length === 0 && <p className="px-5 py-4 text-sm text-muted">{t('noLessons')}</p>}
      <div className="p-3">
        {doing === 'adding' ? (
          <NewLesson
            onCancel={stop}
            onSave={async (lesson) =>
              (await curriculum.addLesson(section.id, { ...lesson, preview: false, body: '' })) && stop()
            }
          />
        ) : (
          <Button tone="ghost" onClick={() => setDoing('adding')}>
            <Plus className="size-4" aria-hidden />
            {t('addLesson')}
          </Button>
        )}
      </div>
      <Confirm
        open={doing === 'deleting'}
        title={t('deleteSectionTitle')}
        text={t('deleteSectionText', { title, count: section.lessons.length })}
        action={t('delete')}
        onClose={stop}
        act={() => curriculum.removeSection(section.id)}
      />
    </li>
  )
}

type NewLessonProps = {
  onSave: (lesson: { title: string; kind: 'video' | 'text' }) => Promise<unknown>
  onCancel: () => void
}

function NewLesson({ onSave, onCancel }: NewLessonProps) {
  const t = useTranslations('studio.curriculum')
  const [kind, setKind] = useState<'video' | 'text'>('video')
  return (
    <TitleForm
      label={t('lessonTitle')}
      action={t('addLesson')}
      onCancel={onCancel}
      onSave={(title) => onSave({ title, kind })}
    >
      <select
        aria-label={t('kind')}
        value={kind}
        onChange={(event) => setKind(event.target.value === 'text' ? 'text' : 'video')}
        className={cn(inputStyles, 'h-11 w-auto')}
      >
        <option value="video">{t('video')}</option>
        <option value="text">{t('text')}</option>
      </select>
    </TitleForm>
  )
}
