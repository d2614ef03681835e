"""What customers without a visible number, and wrong account ids, can bring."""

from tests.faults.message_faults import row_of
from tests.faults.pairing_faults import connection_of
from tests.faults.trial import Seen, Trials
from tests.harness.fault_shop import FaultShopHarness
from tests.simulators.whatsapp_simulator import SHOP

HIDDEN = Trials("Customers who hide their number")


@HIDDEN.of("M14", "a customer with a username writes under the hidden id alone")
async def a_text_without_a_number_is_heard(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer(hidden=True, username="ana.acai")
    await shop.whatsapp.write(customer.number, text="posso pegar?")
    await shop.until(lambda: shop.texts() == ["posso pegar?"])
    return connection_of(shop)


@HIDDEN.of("M15", "the username is another person's number, or has a form that no username has")
async def a_username_that_is_none_does_not_hold_up_its_text(shop: FaultShopHarness) -> Seen:
    customer, texts = await shop.customer(hidden=True), []
    for username in ("5573988112233", "+5573988112233", "a", "ana açaí", "4711@lid", "x" * 200):
        await shop.whatsapp.write(customer.number, text=f"de {username}", attrs={"username": username})
        texts.append(f"de {username}")
    await shop.until(lambda: shop.texts() == texts)
    return connection_of(shop)


@HIDDEN.of("M16", "the hidden id comes with a device, and as `…@hosted.lid`")
async def a_text_is_heard_whatever_device_of_the_customer_it_names(shop: FaultShopHarness) -> Seen:
    texts = []
    for form in ("{user}:7@lid", "{user}:99@hosted.lid"):
        customer = await shop.customer(hidden=True)
        user = (await shop.whatsapp.lid_of(customer.number)).partition("@")[0]
        texts.append(f"de {form}")
        await shop.whatsapp.write(customer.number, text=texts[-1], attrs={"from": form.format(user=user)})
    await shop.until(lambda: sorted(map(str, shop.texts())) == sorted(texts))
    return connection_of(shop)


@HIDDEN.of("M17", "one hidden id comes beside two numbers, and beside one a malformed one")
async def each_number_is_heard_under_itself(shop: FaultShopHarness) -> Seen:
    ana, rui = await shop.customer(), await shop.customer()
    lid = await shop.whatsapp.lid_of(ana.number)
    await shop.whatsapp.write(ana.number, text="sou a Ana")
    await shop.whatsapp.write(rui.number, text="sou o Rui", attrs={"sender_lid": lid})
    await shop.whatsapp.write(rui.number, text="ainda o Rui", attrs={"sender_lid": "ana@lid"})
    await shop.until(lambda: "ainda o Rui" in shop.texts())
    assert [each.text for each in shop.heard(ana)] == ["sou a Ana"]
    # The key of the first text belongs to another phone: it is asked for again before it can be read.
    assert [each.text for each in shop.heard(rui) if each.text] == ["sou o Rui", "ainda o Rui"]
    return connection_of(shop)


@HIDDEN.of("M18", "WhatsApp tells no hidden id of the number, and tells it later")
async def a_message_is_shown_before_and_after_the_hidden_id_is_told(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer(lid_told=False)
    await shop.told(customer)
    await shop.whatsapp.tell_lid(customer.number)
    row = await shop.told(customer)
    assert [shown for _, shown in await shop.shown(customer)] == [1, 1]
    return row_of(shop, row)


@HIDDEN.of("M19", "the customer's number belongs to a new account, with another hidden id")
async def the_next_message_goes_to_the_holder_of_the_number(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    await shop.told(customer)
    await shop.whatsapp.reregister(customer.number)
    row = await shop.told(customer)
    assert row.message_id in {shown for shown, _ in await shop.shown(customer)}
    return row_of(shop, row)


@HIDDEN.of("M20", "the shop's own phone writes PARAR to itself, under its number and its hidden id")
async def a_word_of_the_shop_to_itself_opts_nobody_out(shop: FaultShopHarness) -> Seen:
    customer = await shop.customer()
    lid = (await shop.whatsapp.admin.post("account", number=SHOP))["lid"]
    for sender in (f"{SHOP[1:]}@s.whatsapp.net", lid):
        await shop.whatsapp.write(customer.number, text="PARAR", attrs={"from": sender, "sender_lid": lid})
    row = await shop.told(customer)
    assert shop.texts() == []
    return row_of(shop, row)
