export const videoTypes = 'video/*,audio/*,.mkv,.mov,.mp4,.webm,.avi,.mpg,.mpeg,.ts'

export type Picked = { file: File; handle?: FileSystemFileHandle }

// Not in TypeScript's DOM yet.
type Picker = { showOpenFilePicker?: (options: object) => Promise<FileSystemFileHandle[]> }
type HandleItem = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> }

/** Whether the browser's own picker gives handles, by which a file is read again after a reload. */
export const givesHandles = () => 'showOpenFilePicker' in window

/** Null where nothing was picked. */
export async function pickByHandle(): Promise<Picked | null> {
  try {
    const [handle] = (await (window as Picker).showOpenFilePicker?.({ id: 'kosu-video' })) ?? []
    return handle ? { file: await handle.getFile(), handle } : null
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') return null
    throw cause
  }
}

/** The file that was dropped, with its handle where there is one. Null where it was no file. */
export async function dropped(transfer: DataTransfer): Promise<Picked | null> {
  const item = [...transfer.items].find((each) => each.kind === 'file')
  const file = item?.getAsFile()
  if (!item || !file) return null
  const handle = await (item as HandleItem).getAsFileSystemHandle?.()
  return handle instanceof FileSystemFileHandle ? { file, handle } : { file }
}
