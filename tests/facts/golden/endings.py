"""Golden files whose ending says another thing than what they hold."""

from __future__ import annotations

from tests.facts.golden.case import Golden
from tests.facts.golden.making import EXPECTED, PEOPLE, named, old, sheets
from tests.facts.golden.text_files import PEOPLE as TEXT
from tests.facts.golden.text_files import text

PAGE = (
    '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head></head><body><table><tr><td>客户编号</td></tr>'
    "</table></body></html>"
)

CASES = [
    *(
        Golden(f"a workbook named {ending}", named(sheets(S=PEOPLE), ending), EXPECTED)
        for ending in (".xls", ".XLS", ".csv")
    ),
    Golden("an .xls workbook named .xlsx", named(old(PEOPLE), ".xlsx"), EXPECTED),
    *(
        Golden(f"tabs in {codec} named .xls", text(TEXT.replace(",", "\t"), codec, "a.xls"), EXPECTED)
        for codec in ("utf-8", "gb18030", "utf-16")
    ),
    Golden("commas named .xlsx", text(TEXT, "utf-8-sig", "a.xlsx"), EXPECTED),
    *(
        Golden(
            f"a web page in {codec} named {name}",
            text(PAGE, codec, name),
            refused=f"{name} is a web page saved with the ending {name[1:]}. Open it in Excel and save it as .xlsx.",
        )
        for codec, name in (
            ("utf-8", "a.xls"),
            ("gb18030", "a.xlsx"),
            ("utf-16", "a.xls"),
            ("utf-8", "a.csv"),
        )
    ),
    Golden(
        "a web page with all that belongs to it",
        text("MIME-Version: 1.0\nContent-Type: multipart/related\n\n" + PAGE, name="a.xls"),
        refused="a.xls is a web page",
    ),
    Golden(
        "an XML table of Excel 2003",
        text(
            '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n'
            '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet/></Workbook>',
            name="a.xls",
        ),
        refused="a.xls is an XML table of Excel 2003 saved with the ending .xls.",
    ),
]
