import { clsx } from 'clsx'
import type { Course } from '@/lib/catalog/types'
import { GeneratedCover } from './generated-cover'

type Props = {
  course: Pick<Course, 'id' | 'cover_url'>
  /** The first picture that a visitor sees: it is asked for at once, and all others when they come near. */
  first?: boolean
  className?: string
}

/** The course's picture, or one drawn from its id. Its place is kept by the class's aspect. It says nothing new. */
export function Cover({ course, first = false, className }: Props) {
  if (course.cover_url === null) return <GeneratedCover of={course.id} className={className} />
  return (
    <img
      src={course.cover_url}
      alt=""
      width={640}
      height={400}
      loading={first ? 'eager' : 'lazy'}
      fetchPriority={first ? 'high' : 'auto'}
      decoding="async"
      className={clsx('object-cover', className)}
    />
  )
}
