import { clsx } from 'clsx'
import { markdownBlocks, type Block, type Inline } from '@/lib/markdown'

type Props = {
  source: string
  /** The level of the page's heading above: the text's own headings stand below it. */
  below?: number
  className?: string
}

/** Markdown as somebody typed it, made of elements: nothing in it is taken as HTML. */
export function Markdown({ source, below = 1, className }: Props) {
  return (
    <div className={clsx('grid gap-[0.8em] leading-relaxed', className)}>{blocks(markdownBlocks(source), below)}</div>
  )
}

const blocks = (all: Block[], below: number) =>
  all.map((block, number) => <Shown key={number} block={block} below={below} />)

function Shown({ block, below }: { block: Block; below: number }) {
  switch (block.kind) {
    case 'heading': {
      const Heading = `h${Math.min(6, block.level + below)}` as 'h2'
      const size = block.level === 1 ? 'text-[1.5em]' : block.level === 2 ? 'text-[1.25em]' : 'text-[1.1em]'
      return (
        <Heading className={clsx('mt-[0.4em] leading-tight font-bold first:mt-0', size)}>{inlines(block.text)}</Heading>
      )
    }
    case 'paragraph':
      return <p className="min-w-0 break-words">{inlines(block.text)}</p>
    case 'list': {
      const List = block.ordered ? 'ol' : 'ul'
      return (
        <List
          start={block.ordered ? block.start : undefined}
          className={clsx(
            'grid gap-[0.4em] pl-[1.4em] marker:text-muted',
            block.ordered ? 'list-decimal' : 'list-disc',
          )}
        >
          {block.items.map((item, number) => (
            <li key={number}>
              <div className="grid gap-[0.4em]">{blocks(item, below)}</div>
            </li>
          ))}
        </List>
      )
    }
    case 'quote':
      return (
        <blockquote className="grid gap-[0.6em] border-l-3 border-line pl-[1em] text-muted">
          {blocks(block.blocks, below)}
        </blockquote>
      )
    case 'code':
      return (
        <pre
          tabIndex={0} // it scrolls
          className="overflow-x-auto rounded-xl bg-raised px-[1em] py-[0.8em] text-[0.9em] leading-normal"
        >
          <code>{block.text}</code>
        </pre>
      )
    case 'rule':
      return <hr className="border-line" />
  }
}

const inlines = (all: Inline[]) => all.map((inline, number) => <Part key={number} inline={inline} />)

function Part({ inline }: { inline: Inline }) {
  switch (inline.kind) {
    case 'text':
      return inline.text
    case 'code':
      return <code className="rounded bg-raised px-[0.3em] py-[0.1em] text-[0.9em]">{inline.text}</code>
    case 'strong':
      return <strong className="font-bold">{inlines(inline.text)}</strong>
    case 'em':
      return <em>{inlines(inline.text)}</em>
    case 'link':
      return (
        <a href={inline.href} rel="nofollow noopener ugc" className="text-accent-strong underline underline-offset-2">
          {inlines(inline.text)}
        </a>
      )
    case 'break':
      return <br />
  }
}
