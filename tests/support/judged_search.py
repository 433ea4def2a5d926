"""A catalogue as one would find it, and what people type, with the courses that must be among the first three."""

from __future__ import annotations

from kosu.modules.catalog.domain.course import Course
from kosu.modules.catalog.domain.shelves import Category
from tests.support.catalog import AT, a_course, a_lesson, a_section

CATEGORIES = (
    Category("programming", "Programming", 0),
    Category("data-science", "Data science", 1),
    Category("design", "Design", 2),
    Category("business", "Business", 3),
    Category("languages", "Languages", 4),
    Category("music", "Music", 5),
)

# By category: a title, and where it has one a subtitle.
CATALOGUE = {
    "programming": """
        Python for everybody | Variables, loops and functions without fear
        Automate the boring parts with Python | Files, mail and spreadsheets
        Advanced Python: asyncio and typing
        파이썬으로 시작하는 프로그래밍 | 처음 만나는 코드, 끝까지 함께
        파이썬 웹 크롤링 실전 | requests와 Playwright
        실무에 바로 쓰는 파이썬 업무 자동화 | 엑셀과 메일을 한 번에
        JavaScript from zero to one
        The complete JavaScript course | Projects and challenges
        자바스크립트 완벽 가이드 | 기초부터 비동기까지
        모던 자바스크립트 딥다이브
        TypeScript in depth
        타입스크립트 입문 | 자바스크립트 개발자를 위한
        React: a practical introduction | Hooks, state and forms
        리액트로 만드는 쇼핑몰 | 장바구니부터 결제까지
        Next.js로 배우는 서버 컴포넌트
        Vue.js fundamentals
        뷰 3 시작하기 | 컴포지션 API
        Node.js backend development
        노드로 만드는 채팅 서버
        Java programming masterclass
        자바 기초 다지기 | 객체 지향까지
        스프링 부트 핵심 원리 | 의존성 주입부터 배포까지
        Spring Boot microservices
        Kotlin for Android developers
        코틀린 안드로이드 앱 개발
        SwiftUI by example
        스위프트로 만드는 아이폰 앱
        Flutter and Dart in practice
        플러터로 앱 출시하기
        C++ for game programmers
        C# and Unity from scratch
        C 언어 첫걸음 | 포인터가 두렵지 않다
        Rust: ownership explained
        러스트로 배우는 시스템 프로그래밍
        Go concurrency patterns
        Go 언어로 만드는 웹 서버
        Data structures and algorithms
        자료구조와 알고리즘 | 코딩 테스트 대비
        코딩 테스트 합격하기 | 백준과 프로그래머스
        운영체제 핵심 개념
        컴퓨터 네트워크 이해하기
        Computer networking by demonstration
        Docker and Kubernetes for developers
        도커와 쿠버네티스 실습
        Git and GitHub without tears
        깃허브로 협업하기
        Linux command line basics
        리눅스 서버 관리 입문
        Test-driven development
        클린 코드와 리팩터링
        Refactoring legacy code
        Hexagonal architecture in practice
        도메인 주도 설계 시작하기
        GraphQL API design
        REST API 설계 원칙
        PostgreSQL performance tuning
        SQL 첫걸음 | 조회와 조인
        Redis in action
        WebAssembly for the curious
        HTML과 CSS로 만드는 첫 홈페이지
        웹 접근성 실무 가이드
        Cybersecurity fundamentals
        정보보안기사 필기 대비
        해킹과 모의 침투 입문
        Blockchain and smart contracts
        임베디드 시스템과 아두이노
        Arduino projects for beginners
        Game development with Godot
        언리얼 엔진 5 게임 제작
    """,
    "data-science": """
        Data by demonstration
        Machine learning from the ground up
        머신러닝 기초 수학 | 선형대수와 확률
        딥러닝 입문 | 신경망을 직접 구현하며
        Deep learning with PyTorch
        파이토치로 구현하는 자연어 처리
        Natural language processing
        Statistics for data analysis
        통계학 기초 | 평균부터 회귀분석까지
        데이터 분석가를 위한 SQL
        판다스 데이터 분석 | 파이썬과 함께
        Pandas cookbook
        Data visualization with D3
        태블로 데이터 시각화
        엑셀 피벗 테이블과 대시보드
        Microsoft Excel for analysts
        빅데이터 분석기사 실기
        Time series forecasting
        추천 시스템 구현하기
        Recommender systems
        Reinforcement learning
        컴퓨터 비전과 OpenCV
        R 프로그래밍 통계 실습
        챗GPT 활용법 | 프롬프트 엔지니어링
        Prompt engineering for large language models
        생성형 인공지능 이해하기
        Linear algebra visualised
        Probability without panic
    """,
    "design": """
        UX research methods
        사용자 경험 디자인 입문
        Figma: design systems
        피그마 기초부터 실무까지
        Photoshop essentials
        포토샵 사진 보정 클래스
        일러스트레이터로 로고 만들기
        Typography that works
        타이포그래피 수업
        Blender 3D modelling
        블렌더 3D 캐릭터 모델링
        After Effects motion graphics
        프리미어 프로 영상 편집
        유튜브 영상 편집과 썸네일
        Drawing portraits
        아이패드 드로잉 | 프로크리에이트
        수채화 풍경 그리기
        인테리어 디자인 첫걸음
        Café branding and packaging design
        웹 디자인 포트폴리오 만들기
        Photography: light and composition
        스마트폰 사진 잘 찍는 법
    """,
    "business": """
        Learning how to learn
        Digital marketing strategy
        디지털 마케팅 실전 전략
        검색 엔진 최적화 SEO
        Product management essentials
        프로덕트 매니저로 일하기
        스타트업 창업 가이드
        Negotiation skills
        Public speaking with confidence
        프레젠테이션 잘하는 법
        회계 원리 | 차변과 대변
        Financial accounting
        재무제표 읽기
        주식 투자 기초
        부동산 경매 입문
        Project management and agile
        애자일과 스크럼
        Time management for busy people
        노션으로 업무 정리하기
        Résumé writing that gets interviews
        면접에서 떨어지지 않는 말하기
        Leadership for new managers
        전자상거래 스마트스토어 운영
        Copywriting that sells
        경영학 개론
        Entrepreneurship 101
    """,
    "languages": """
        English conversation for travel
        왕초보 영어 회화
        비즈니스 영어 이메일 쓰기
        토익 900점 공략 | LC와 RC
        IELTS academic writing
        영문법 총정리
        일본어 첫걸음 | 히라가나부터
        JLPT N3 합격 노트
        중국어 발음과 성조
        Korean for beginners
        Intermediate Korean grammar
        Español desde cero
        프랑스어 기초 문법
        Deutsch für Anfänger
        베트남어 여행 회화
        한국어 맞춤법 바로 쓰기
        한글 캘리그라피
        글쓰기 수업 | 에세이 한 편 완성하기
        Creative writing workshop
    """,
    "music": """
        Guitar in thirty days
        통기타 독학 | 코드부터 핑거스타일까지
        Piano for absolute beginners
        피아노 재즈 반주
        보컬 트레이닝
        Music theory made simple
        화성학 기초
        Songwriting and composition
        작곡 입문 로직 프로
        Mixing and mastering
        에이블톤 라이브 비트 메이킹
        우쿨렐레 첫 곡 연주하기
        바이올린 기초 자세
        드럼 리듬 연습
    """,
}

# By query.
JUDGED = {
    # Words as they are
    "python": ["Python for everybody", "Advanced Python: asyncio and typing", "Automate the boring parts with Python"],
    "machine learning": ["Machine learning from the ground up"],
    "how to learn": ["Learning how to learn"],
    "c++": ["C++ for game programmers"],
    "c#": ["C# and Unity from scratch"],
    "C 언어": ["C 언어 첫걸음"],
    "go": ["Go concurrency patterns", "Go 언어로 만드는 웹 서버"],
    "rest api": ["REST API 설계 원칙"],
    "주식": ["주식 투자 기초"],
    "리액트": ["리액트로 만드는 쇼핑몰"],
    "파이썬": ["파이썬 웹 크롤링 실전", "파이썬으로 시작하는 프로그래밍", "실무에 바로 쓰는 파이썬 업무 자동화"],
    "장바구니": ["리액트로 만드는 쇼핑몰"],
    "python asyncio": ["Advanced Python: asyncio and typing"],
    # Beginnings of words
    "demo": ["Data by demonstration", "Computer networking by demonstration"],
    "photog": ["Photography: light and composition"],
    "kuber": ["Docker and Kubernetes for developers"],
    "entrep": ["Entrepreneurship 101"],
    "포토": ["포토샵 사진 보정 클래스"],
    "쿠버": ["도커와 쿠버네티스 실습"],
    "프로그": ["파이썬으로 시작하는 프로그래밍", "러스트로 배우는 시스템 프로그래밍", "R 프로그래밍 통계 실습"],
    "캘리": ["한글 캘리그라피"],
    # Other inflections
    "demonstrations": ["Data by demonstration", "Computer networking by demonstration"],
    "algorithm": ["Data structures and algorithms"],
    "designing systems": ["Figma: design systems"],
    "photographer": ["Photography: light and composition"],
    "networks": ["Computer networking by demonstration"],
    "negotiating": ["Negotiation skills"],
    "managing projects": ["Project management and agile"],
    "refactor": ["Refactoring legacy code"],
    "draw portrait": ["Drawing portraits"],
    "파이썬을": ["파이썬 웹 크롤링 실전", "파이썬으로 시작하는 프로그래밍", "실무에 바로 쓰는 파이썬 업무 자동화"],
    # Typos
    "javascrpt": ["JavaScript from zero to one", "The complete JavaScript course"],
    "javasrcipt": ["JavaScript from zero to one", "The complete JavaScript course"],
    "pyhton": ["Python for everybody", "Advanced Python: asyncio and typing", "Automate the boring parts with Python"],
    "phyton": ["Python for everybody", "Advanced Python: asyncio and typing", "Automate the boring parts with Python"],
    "kubernets": ["Docker and Kubernetes for developers"],
    "machne lerning": ["Machine learning from the ground up"],
    "postgress": ["PostgreSQL performance tuning"],
    "guitr": ["Guitar in thirty days"],
    "typografy": ["Typography that works"],
    "statistcs": ["Statistics for data analysis"],
    "acounting": ["Financial accounting"],
    "파이선": ["파이썬 웹 크롤링 실전", "파이썬으로 시작하는 프로그래밍", "실무에 바로 쓰는 파이썬 업무 자동화"],
    "자바스크릡트": ["자바스크립트 완벽 가이드", "모던 자바스크립트 딥다이브"],
    "쿠버네디스": ["도커와 쿠버네티스 실습"],
    "대이터 분석": ["판다스 데이터 분석", "데이터 분석가를 위한 SQL"],
    "알고리듬": ["자료구조와 알고리즘"],
    "포토샾": ["포토샵 사진 보정 클래스"],
    "머신런닝": ["머신러닝 기초 수학"],
    "켈리그라피": ["한글 캘리그라피"],
    "디지탈 마케팅": ["디지털 마케팅 실전 전략"],
    "프리젠테이션": ["프레젠테이션 잘하는 법"],
    "엑샐": ["엑셀 피벗 테이블과 대시보드", "실무에 바로 쓰는 파이썬 업무 자동화"],
    "우크렐레": ["우쿨렐레 첫 곡 연주하기"],
    # Spaces in other places
    "자료 구조": ["자료구조와 알고리즘"],
    "코딩테스트": ["코딩 테스트 합격하기", "자료구조와 알고리즘"],
    "영어회화": ["왕초보 영어 회화"],
    "운영 체제": ["운영체제 핵심 개념"],
    "데이터분석": ["판다스 데이터 분석", "데이터 분석가를 위한 SQL"],
    "스프링부트": ["스프링 부트 핵심 원리"],
    "springboot": ["Spring Boot microservices"],
    "nodejs": ["Node.js backend development"],
    "type script": ["TypeScript in depth"],
    "파이썬프로그래밍": ["파이썬으로 시작하는 프로그래밍"],
    # The keyboard set to the other language
    "gksrmf": ["한글 캘리그라피"],
    "vkdlTjs": ["파이썬 웹 크롤링 실전", "파이썬으로 시작하는 프로그래밍", "실무에 바로 쓰는 파이썬 업무 자동화"],
    "wkfyrnwh": ["자료구조와 알고리즘"],
    "ㅔㅛ쇄ㅜ": [
        "Python for everybody",
        "Advanced Python: asyncio and typing",
        "Automate the boring parts with Python",
    ],
    "ㅏㅐㅅㅣㅑㅜ": ["Kotlin for Android developers"],
    # Being typed
    "파이ㅆ": ["파이썬 웹 크롤링 실전", "파이썬으로 시작하는 프로그래밍", "실무에 바로 쓰는 파이썬 업무 자동화"],
    "딥러니": ["딥러닝 입문"],
    # Both languages, cases, diacritics, widths, and words that the course does not have
    "REACT hooks": ["React: a practical introduction"],
    "unity c#": ["C# and Unity from scratch"],
    "sql 데이터": ["데이터 분석가를 위한 SQL"],
    "3d 모델링": ["블렌더 3D 캐릭터 모델링"],
    "cafe branding": ["Café branding and packaging design"],
    "resume": ["Résumé writing that gets interviews"],
    "espanol": ["Español desde cero"],
    "deutsch fur anfanger": ["Deutsch für Anfänger"],
    "ＳＱＬ": ["SQL 첫걸음", "데이터 분석가를 위한 SQL"],
    "파이썬 강의": ["파이썬 웹 크롤링 실전", "파이썬으로 시작하는 프로그래밍", "실무에 바로 쓰는 파이썬 업무 자동화"],
    "guitar course": ["Guitar in thirty days"],
    "토익 900": ["토익 900점 공략"],
    "챗gpt": ["챗GPT 활용법"],
}
NONSENSE = ("qwxzvk", "zzzzzzzz", "뷁쀍뚫", "xkcd9183 ploverish", "xqzv wvkj", "ㅋㅋㅋㅋㅋㅋㅋ", "1234567890")

HOSTILE = (
    "파" * 10_000,
    "a" * 10_000,
    " ".join("abcdefgh" for _ in range(2_000)),
    "py\0thon",
    "\0",
    "!?.,:;()[]{}",
    "' OR 1=1; DROP TABLE catalog.courses; --",
    "a & b | !c <-> (d:*)",
    "':*A & '",
    "\\",
    "%s %(grams)s %%",
    "{} {covers}",
    "🐍🔥👩‍💻",
    "مرحبا بالعالم",
    "\u202egnirts\u202c",
    "e" + "\u0301" * 500,
    "ᄀ" * 100,
    "\ud800",
    "İstanbul ẞ ﬁ",
    "😀 python",
)


def catalogue() -> list[Course]:
    """The courses, with different numbers of learners."""
    lines = [(category, line.strip()) for category, text in CATALOGUE.items() for line in text.strip().splitlines()]
    return [
        a_course(
            title.strip(),
            subtitle=subtitle.strip(),
            category=category,
            state="published",
            published_at=AT,
            enrolment_count=number * 379 % 5_000,
            instructor_name=("Ada Park", "김서연", "Lukas Weber", "이준호")[number % 4],
            sections=(a_section(a_lesson()),),
        )
        for number, (category, line) in enumerate(lines)
        for title, _, subtitle in [line.partition("|")]
    ]
