import type { Metadata } from 'next'
import { BuyBox } from '@/components/course/buy-box'
import { CourseHead } from '@/components/course/course-head'
import { Curriculum } from '@/components/course/curriculum'
import { Overview } from '@/components/course/overview'
import { SectionLinks } from '@/components/course/section-links'
import { Reviews } from '@/components/reviews/reviews'
import { courseData } from '@/lib/catalog/structured-data'
import type { Query } from '@/lib/catalog/filters'
import { readCourse } from '@/lib/catalog/server'

type Props = { params: Promise<{ slug: string }>; searchParams: Promise<Query> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const course = await readCourse((await params).slug)
  const [title, description] = [course.title, course.subtitle || course.description.slice(0, 200)]
  const url = `/courses/${course.slug}`
  return {
    title,
    description,
    alternates: { canonical: url },
    openGraph: {
      type: 'website',
      siteName: 'Kosu',
      title,
      description,
      url,
      locale: course.language,
      ...(course.cover_url ? { images: [{ url: course.cover_url }] } : {}),
    },
    twitter: { card: course.cover_url ? 'summary_large_image' : 'summary' },
  }
}

export default async function CoursePage({ params, searchParams }: Props) {
  const course = await readCourse((await params).slug)
  const { sort, reviews } = await searchParams
  const address = new URL(`/courses/${course.slug}`, process.env.KOSU_WEB_URL ?? 'http://localhost').href
  return (
    <>
      <script type="application/ld+json" dangerouslySetInnerHTML={{ __html: courseData(course, address) }} />
      <CourseHead course={course} />
      <div className="mx-auto grid max-w-6xl gap-8 px-5 lg:grid-cols-[minmax(0,1fr)_22rem] lg:gap-12">
        <BuyBox course={course} />
        {/* Both have their places: a browser paints the first before the second has arrived. */}
        <div className="min-w-0 lg:col-start-1 lg:row-start-1">
          <SectionLinks />
          <Overview course={course} />
          <Curriculum course={course} />
          <Reviews
            course={course}
            sort={sort === 'helpful' ? 'helpful' : 'newest'}
            cursor={typeof reviews === 'string' && reviews ? reviews : undefined}
          />
        </div>
      </div>
    </>
  )
}
