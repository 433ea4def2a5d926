"""/api/v1: what learners say of a course, and which of it helps; operators hide what should not be shown."""

from __future__ import annotations

from uuid import UUID

import msgspec
from litestar import Controller, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from litestar.status_codes import HTTP_204_NO_CONTENT

from entrypoints.api.authentication import NOBODY, AnyRequest, SignedInRequest
from entrypoints.api.catalog import PUBLIC
from entrypoints.api.conditional import conditional
from entrypoints.api.dependencies import Learning
from entrypoints.api.lists import Limit, QueryText
from entrypoints.api.origin import origin_of
from kosu.ids import ReviewId
from kosu.modules.identity.domain.viewer import OPERATOR
from kosu.modules.learning.review_ports import ReviewSort
from kosu.modules.learning.review_views import OwnReviewView, ReviewPage


class ReviewText(msgspec.Struct, frozen=True):
    """A whole number of 1 to 5, and markdown, which may be left out."""

    rating: int
    body: str = ""


class HidingReason(msgspec.Struct, frozen=True):
    """The author reads it."""

    reason: str


class ReviewController(Controller):
    path = "/api/v1"
    tags = ("learning",)

    @get("/courses/{slug:str}/reviews", operation_id="listReviews", auth=NOBODY)
    async def reviews(
        self,
        *,
        slug: FromPath[str],
        request: AnyRequest,
        learning: NamedDependency[Learning],
        sort: FromQuery[ReviewSort] = "newest",
        limit: Limit = 20,
        cursor: QueryText = None,
    ) -> Response[ReviewPage]:
        """Reviews of a published course, and how many of all of them give each rating."""
        page = await learning.read_reviews()(slug=slug, sort=sort, cursor=cursor, limit=limit)
        return conditional(request, page, cache_control=PUBLIC)

    @get("/courses/{slug:str}/review", operation_id="getMyReview")
    async def review(
        self, slug: FromPath[str], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> OwnReviewView:
        """One's own."""
        return await learning.read_own_review()(user_id=request.user.user_id, slug=slug)

    @put("/courses/{slug:str}/review", operation_id="putReview")
    async def write(
        self,
        slug: FromPath[str],
        data: JSONBody[ReviewText],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> OwnReviewView:
        """Write or change one's own review, while one is enrolled."""
        return await learning.write_review()(
            user_id=request.user.user_id, slug=slug, rating=data.rating, body=data.body
        )

    @delete("/courses/{slug:str}/review", operation_id="removeReview", status_code=HTTP_204_NO_CONTENT)
    async def remove(self, slug: FromPath[str], request: SignedInRequest, learning: NamedDependency[Learning]) -> None:
        await learning.remove_review()(user_id=request.user.user_id, slug=slug)

    @put("/reviews/{review_id:uuid}/helpful", operation_id="voteForReview", status_code=HTTP_204_NO_CONTENT)
    async def vote(
        self, review_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> None:
        """Repeatable."""
        await learning.vote_for_review()(user_id=request.user.user_id, review_id=ReviewId(review_id), helpful=True)

    @delete("/reviews/{review_id:uuid}/helpful", operation_id="takeVoteBack", status_code=HTTP_204_NO_CONTENT)
    async def unvote(
        self, review_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> None:
        """Repeatable."""
        await learning.vote_for_review()(user_id=request.user.user_id, review_id=ReviewId(review_id), helpful=False)


class OpsReviewController(Controller):
    """All of it is audited."""

    path = "/api/v1/ops/reviews"
    tags = ("ops",)

    @post("/{review_id:uuid}/hide", operation_id="hideReview", status_code=HTTP_204_NO_CONTENT)
    async def hide(
        self,
        review_id: FromPath[UUID],
        data: JSONBody[HidingReason],
        request: SignedInRequest,
        learning: NamedDependency[Learning],
    ) -> None:
        """Show the review to its author alone, and count it nowhere."""
        request.user.require(OPERATOR)
        await learning.moderate_review()(review_id=ReviewId(review_id), reason=data.reason, origin=origin_of(request))

    @post("/{review_id:uuid}/unhide", operation_id="unhideReview", status_code=HTTP_204_NO_CONTENT)
    async def unhide(
        self, review_id: FromPath[UUID], request: SignedInRequest, learning: NamedDependency[Learning]
    ) -> None:
        request.user.require(OPERATOR)
        await learning.moderate_review()(review_id=ReviewId(review_id), reason=None, origin=origin_of(request))
