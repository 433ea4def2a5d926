'use client'
import { clsx } from 'clsx'
import { ChevronDown, Ellipsis, FileText, Video } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Confirm } from '@/components/shell/confirm'
import { buttonStyles } from '@/components/ui/button'
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/components/ui/menu'
import { LessonVideo } from '@/components/upload/lesson-video'
import type { Lesson, Section } from '@/lib/studio/curriculum'
import { clock } from '@/lib/time'
import { Handle } from './handle'
import type { LessonMedia } from './queries'
import { TextBody } from './text-body'
import { TitleForm } from './title-form'
import type { Curriculum } from './use-curriculum'
import type { Reorder } from './use-reorder'

type Props = {
  courseId: string
  section: Section
  lesson: Lesson
  sections: readonly Section[]
  media: LessonMedia | undefined
  curriculum: Curriculum
  reorder: Reorder
}

export function LessonRow({ courseId, section, lesson, sections, media, curriculum, reorder }: Props) {
  const t = useTranslations('studio.curriculum')
  const [doing, setDoing] = useState<'renaming' | 'deleting' | null>(null)
  const [isOpen, setIsOpen] = useState(false)
  const stop = () => setDoing(null)
  const item = { kind: 'lesson', id: lesson.id } as const
  const { title } = lesson
  const Icon = lesson.kind === 'video' ? Video : FileText
  return (
    <li
      data-lesson={lesson.id}
      className={clsx(
        'border-b border-line last:border-b-0',
        reorder.lifted?.id === lesson.id && 'bg-accent-soft outline-2 -outline-offset-2 outline-accent',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-1 p-2">
        <Handle item={item} title={title} reorder={reorder} />
        {doing === 'renaming' ? (
          <TitleForm
            label={t('lessonTitle')}
            action={t('rename')}
            title={title}
            onCancel={stop}
            onSave={async (typed) => (await curriculum.editLesson(section.id, lesson.id, { title: typed })) && stop()}
          />
        ) : (
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setIsOpen(!isOpen)}
            className="flex min-h-11 min-w-0 flex-1 items-center gap-2.5 rounded-xl px-2 text-left hover:bg-ink/5"
          >
            <Icon
              className="size-4 shrink-0 text-accent"
              aria-label={lesson.kind === 'video' ? t('video') : t('text')}
            />
            <span className="min-w-0 flex-1">{title}</span>
            <span className="text-sm text-muted tabular-nums">
              {lesson.duration_ms !== null
                ? clock(lesson.duration_ms)
                : lesson.kind === 'video' && !media && t('noVideo')}
            </span>
            <ChevronDown
              className={clsx('size-4 shrink-0 text-muted transition-transform', isOpen && 'rotate-180')}
              aria-hidden
            />
          </button>
        )}
        <label className="order-last flex min-h-11 w-full items-center gap-2 px-3 text-sm text-muted sm:order-none sm:w-auto">
          <input
            type="checkbox"
            className="size-5 accent-accent"
            aria-label={t('previewOf', { title })}
            checked={lesson.preview}
            onChange={(event) => void curriculum.editLesson(section.id, lesson.id, { preview: event.target.checked })}
          />
          <span aria-hidden>{t('preview')}</span>
        </label>
        <Menu>
          <MenuTrigger aria-label={t('more', { title })} className={buttonStyles({ tone: 'ghost', size: 'icon' })}>
            <Ellipsis className="size-5" aria-hidden />
          </MenuTrigger>
          <MenuContent>
            <MenuItem onClick={() => setDoing('renaming')}>{t('rename')}</MenuItem>
            <MenuItem onClick={() => reorder.step(item, -1)}>{t('moveUp')}</MenuItem>
            <MenuItem onClick={() => reorder.step(item, 1)}>{t('moveDown')}</MenuItem>
            {sections
              .filter(({ id }) => id !== section.id)
              .map((each) => (
                <MenuItem key={each.id} onClick={() => reorder.moveToSection(lesson.id, each.id)}>
                  {t('moveTo', { title: each.title })}
                </MenuItem>
              ))}
            <MenuSeparator />
            <MenuItem className="text-bad" onClick={() => setDoing('deleting')}>
              {t('delete')}
            </MenuItem>
          </MenuContent>
        </Menu>
      </div>
      {isOpen && (
        <div className="px-4 pb-5 sm:pl-14">
          {lesson.kind === 'video' ? (
            <LessonVideo place={{ courseId, lessonId: lesson.id, lessonTitle: title }} media={media} />
          ) : (
            <TextBody body={lesson.body} onSave={(body) => curriculum.editLesson(section.id, lesson.id, { body })} />
          )}
        </div>
      )}
      <Confirm
        open={doing === 'deleting'}
        title={t('deleteLessonTitle')}
        text={t('deleteLessonText', { title })}
        action={t('delete')}
        onClose={stop}
        act={() => curriculum.removeLesson(section.id, lesson.id)}
      />
    </li>
  )
}
