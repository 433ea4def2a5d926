'use client'
import { useQuery } from '@tanstack/react-query'
import { ListTree, Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Loaded } from '@/components/shell/loaded'
import { Blank } from '@/components/ui/blank'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { Skeleton } from '@/components/ui/skeleton'
import { useProblemWords } from '@/lib/api/words'
import { orderOf } from '@/lib/studio/curriculum'
import { courseMediaQuery, courseQuery, type StudioCourse } from './queries'
import { SectionCard } from './section-card'
import { TitleForm } from './title-form'
import { useCurriculum } from './use-curriculum'
import { useReorder } from './use-reorder'

export function CurriculumEditor({ id }: { id: string }) {
  const course = useQuery(courseQuery(id))
  return (
    <Loaded query={course} skeleton={<Skeleton className="h-96" />}>
      {(loaded) => <Editor course={loaded} />}
    </Loaded>
  )
}

function Editor({ course }: { course: StudioCourse }) {
  const t = useTranslations('studio.curriculum')
  const explain = useProblemWords()
  const media = useQuery(courseMediaQuery(course.id))
  const curriculum = useCurriculum(course.id)
  const reorder = useReorder(course.curriculum, (sections) => {
    if (JSON.stringify(orderOf(sections)) !== JSON.stringify(orderOf(course.curriculum))) curriculum.reorder(sections)
  })
  const [isAdding, setIsAdding] = useState(false)
  const { sections } = reorder
  return (
    <>
      <h2 className="text-xl font-bold">{t('title')}</h2>
      <p id="move-hint" className="sr-only">
        {t('moveHint')}
      </p>
      <p aria-live="assertive" className="sr-only">
        {reorder.spoken}
      </p>
      {curriculum.problem !== null && (
        <Notice tone={curriculum.isMismatch ? 'warn' : 'bad'} className="mt-4">
          {curriculum.isMismatch ? t('mismatch') : explain(curriculum.problem)}
        </Notice>
      )}
      <ol className="mt-6 grid gap-5">
        {sections.map((section, index) => (
          <SectionCard
            key={section.id}
            courseId={course.id}
            section={section}
            number={index + 1}
            sections={sections}
            media={media.data?.items ?? []}
            curriculum={curriculum}
            reorder={reorder}
          />
        ))}
      </ol>
      {sections.length === 0 && !isAdding && (
        <Blank icon={ListTree} title={t('emptyTitle')} className="py-8">
          {t('emptyText')}
        </Blank>
      )}
      <div className="mt-5">
        {isAdding ? (
          <TitleForm
            label={t('sectionTitle')}
            action={t('addSection')}
            onCancel={() => setIsAdding(false)}
            onSave={async (title) => (await curriculum.addSection(title)) && setIsAdding(false)}
          />
        ) : (
          <Button tone="outline" className="mx-auto flex" onClick={() => setIsAdding(true)}>
            <Plus className="size-4" aria-hidden />
            {t('addSection')}
          </Button>
        )}
      </div>
    </>
  )
}
