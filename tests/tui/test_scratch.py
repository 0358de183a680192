async def test_x(full, show):
    async with show((120,36)) as b:
        print(b.text)
        await b.press("L")
        await b.opens("MoveDialog")
        print(b.text)
        await b.press("1", "enter")
        await b.opens("")
        await b.until(lambda: full.deal(1).stage == "acquisition")
        print(b.text)
        await b.press("enter")
        await b.opens("OpenedDeal")
        print(b.text)
    async with show((80,24)) as b:
        print(b.text)
        await b.press("n")
        await b.opens("DealForm")
        print(b.text)
async def test_once(full, show):
    async with show((120,36)) as b:
        await b.at_once("L","1","enter")
        await b.until(lambda: full.deal(1).stage == "acquisition", 2)
