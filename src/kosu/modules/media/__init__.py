"""media: from a large upload to a signed, adaptive stream."""

from kosu.modules.media.events import AssetReady
from kosu.modules.media.facade import LessonPlayback, Media, PublishedMedia

__all__ = ["AssetReady", "LessonPlayback", "Media", "PublishedMedia"]
