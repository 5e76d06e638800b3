"""The ledger's tables, and what only PostgreSQL can promise: immutability, one unit per transfer."""

import django.db.models.deletion
import django.db.models.functions.comparison
from django.db import migrations, models

import mallard.kernel.ids
from mallard.kernel.database.triggers import append_only


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("members", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=mallard.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wallet", "Wallet"),
                            ("receivable", "Receivable"),
                            ("funder", "Funder"),
                            ("redemption", "Redemption"),
                        ],
                        max_length=12,
                    ),
                ),
                ("unit", models.CharField(default="points", max_length=8)),
                (
                    "owner_kind",
                    models.CharField(
                        choices=[
                            ("mall", "Mall"),
                            ("tenant", "Tenant"),
                            ("brand", "Brand"),
                            ("bank", "Bank"),
                        ],
                        max_length=8,
                        null=True,
                    ),
                ),
                ("owner_id", models.UUIDField(null=True)),
                ("opened_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "kind", "unit", "owner_kind", "owner_id"),
                        name="ledger_account_once",
                        nulls_distinct=False,
                    ),
                    models.UniqueConstraint(fields=("id", "unit"), name="ledger_account_unit"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "wallet"),
                                ("member__isnull", False),
                                ("owner_id", None),
                                ("owner_kind", None),
                            ),
                            models.Q(
                                ("kind", "receivable"),
                                ("member__isnull", False),
                                ("owner_id__isnull", False),
                                ("owner_kind__isnull", False),
                            ),
                            models.Q(
                                ("kind__in", ["funder", "redemption"]),
                                ("member", None),
                                ("owner_id__isnull", False),
                                ("owner_kind__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="ledger_account_has_its_owner",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=mallard.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("group_id", models.UUIDField()),
                ("amount", models.BigIntegerField()),
                ("unit", models.CharField(max_length=8)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accrue", "Earned"),
                            ("adjust", "Adjusted"),
                            ("redeem", "Redeemed"),
                            ("restore", "Redemption reversed"),
                            ("expire", "Expired"),
                            ("revive", "Expiry undone"),
                            ("reverse", "Reversed"),
                            ("recover", "Recovered"),
                            ("owe", "Owed"),
                            ("settle", "Settled"),
                            ("unmerge", "Given back on unmerging"),
                        ],
                        max_length=8,
                    ),
                ),
                ("source_kind", models.CharField(max_length=24)),
                ("source_id", models.UUIDField()),
                ("reason", models.CharField(max_length=200)),
                ("key", models.CharField(max_length=200)),
                ("part", models.SmallIntegerField(default=0)),
                ("fingerprint", models.BigIntegerField()),
                ("occurred_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("matures_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("actor_kind", models.CharField(max_length=8)),
                ("actor_id", models.UUIDField(null=True)),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(
                                    function="pg_current_xact_id", output_field=models.TextField()
                                ),
                                models.TextField(),
                            ),
                            models.BigIntegerField(),
                        ),
                        editable=False,
                    ),
                ),
                (
                    "credit_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="credits",
                        to="ledger.account",
                    ),
                ),
                (
                    "debit_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="debits",
                        to="ledger.account",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                    ),
                ),
                (
                    "reverses",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="ledger.transfer",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["member", "-id"], name="ledger_transfer_by_member"),
                    models.Index(fields=["source_id"], name="ledger_transfer_by_source"),
                    models.Index(fields=["group_id"], name="ledger_transfer_by_group"),
                    models.Index(
                        condition=models.Q(("reverses__isnull", False)),
                        fields=["reverses"],
                        name="ledger_transfer_reversing",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("key", "part"), name="ledger_transfer_key"),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="ledger_transfer_moves"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("debit_account", models.F("credit_account")), _negated=True
                        ),
                        name="ledger_transfer_two_ends",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wallet",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="wallet",
                        serialize=False,
                        to="ledger.account",
                    ),
                ),
                ("unit", models.CharField(max_length=8)),
                ("balance", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("owed", models.BigIntegerField(default=0)),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="wallets",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "unit"), name="ledger_wallet_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("balance__gte", 0),
                            ("held__gte", 0),
                            ("held__lte", models.F("balance")),
                            ("owed__gte", 0),
                        ),
                        name="ledger_wallet_floor",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Receivable",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="receivable",
                        serialize=False,
                        to="ledger.account",
                    ),
                ),
                ("unit", models.CharField(max_length=8)),
                ("owed", models.BigIntegerField(default=0)),
                (
                    "funder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receivables",
                        to="ledger.account",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receivables",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("member", "unit", "funder"), name="ledger_receivable_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("owed__gte", 0)), name="ledger_receivable_floor"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "transfer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="lot",
                        serialize=False,
                        to="ledger.transfer",
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("remaining", models.BigIntegerField()),
                ("held", models.BigIntegerField(default=0)),
                ("matures_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="ledger.account",
                    ),
                ),
                (
                    "funder",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="funded_lots",
                        to="ledger.account",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="members.member",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("remaining__gt", 0)),
                        fields=["member", "expires_at"],
                        name="ledger_lot_to_spend",
                    ),
                    models.Index(
                        condition=models.Q(("remaining__gt", 0)),
                        fields=["expires_at"],
                        name="ledger_lot_to_expire",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            ("held__gte", 0),
                            ("held__lte", models.F("remaining")),
                            ("remaining__lte", models.F("amount")),
                        ),
                        name="ledger_lot_within",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at", None),
                            ("expires_at__gt", models.F("matures_at")),
                            _connector="OR",
                        ),
                        name="ledger_lot_lives",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "transfer_id",
                        "lot_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                (
                    "transfer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lot_uses",
                        to="ledger.transfer",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="uses",
                        to="ledger.lot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="ledger_lot_use_moves",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hold",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=mallard.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("key", models.CharField(max_length=200, unique=True)),
                ("fingerprint", models.BigIntegerField()),
                ("unit", models.CharField(max_length=8)),
                ("points", models.BigIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Held"), ("posted", "Posted"), ("voided", "Voided")],
                        default="open",
                        max_length=8,
                    ),
                ),
                ("source_kind", models.CharField(max_length=24)),
                ("source_id", models.UUIDField()),
                ("reason", models.CharField(max_length=200)),
                ("placed_at", models.DateTimeField()),
                ("deadline_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(null=True)),
                ("group_id", models.UUIDField(null=True)),
                ("actor_kind", models.CharField(max_length=8)),
                ("actor_id", models.UUIDField(null=True)),
                (
                    "member",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="members.member",
                    ),
                ),
                (
                    "redemption_account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "open")),
                        fields=["deadline_at"],
                        name="ledger_hold_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deadline_at__gt", models.F("placed_at")), ("points__gt", 0)
                        ),
                        name="ledger_hold_holds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("group_id", None), ("status", "open")),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("group_id__isnull", False),
                                ("status", "posted"),
                            ),
                            models.Q(("closed_at__isnull", False), ("status", "voided")),
                            _connector="OR",
                        ),
                        name="ledger_hold_closed_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HoldLot",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "hold_id",
                        "lot_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                (
                    "hold",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lots",
                        to="ledger.hold",
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        to="ledger.lot",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="ledger_hold_lot_holds"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FunderDay",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "funder_id",
                        "day",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("accrue", "Earned"),
                            ("adjust", "Adjusted"),
                            ("redeem", "Redeemed"),
                            ("restore", "Redemption reversed"),
                            ("expire", "Expired"),
                            ("revive", "Expiry undone"),
                            ("reverse", "Reversed"),
                            ("recover", "Recovered"),
                            ("owe", "Owed"),
                            ("settle", "Settled"),
                            ("unmerge", "Given back on unmerging"),
                        ],
                        max_length=8,
                    ),
                ),
                ("points", models.BigIntegerField()),
                ("transfers", models.BigIntegerField()),
                (
                    "funder",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="days",
                        to="ledger.account",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="ledger_funder_day_by_day")],
            },
        ),
        migrations.CreateModel(
            name="RollupCursor",
            fields=[
                ("name", models.CharField(max_length=24, primary_key=True, serialize=False)),
                ("transaction", models.BigIntegerField(default=0)),
            ],
        ),
        # A transfer's unit is the unit of both its accounts: units cannot mix.
        migrations.RunSQL(
            sql=[
                f"ALTER TABLE ledger_transfer ADD CONSTRAINT ledger_transfer_{end}_unit "
                f"FOREIGN KEY ({end}_account_id, unit) REFERENCES ledger_account (id, unit) "
                "DEFERRABLE INITIALLY DEFERRED"
                for end in ("debit", "credit")
            ],
            reverse_sql=[
                f"ALTER TABLE ledger_transfer DROP CONSTRAINT ledger_transfer_{end}_unit"
                for end in ("debit", "credit")
            ],
        ),
        # Transfers are written in the order of their transactions, so a summary per block range
        # finds the tail that a cursor has not seen; a tree would cost every accrual an insert.
        migrations.RunSQL(
            sql="CREATE INDEX ledger_transfer_tail ON ledger_transfer "
            "USING brin (transaction) WITH (pages_per_range = 32, autosummarize = on)",
            reverse_sql="DROP INDEX ledger_transfer_tail",
        ),
        append_only("ledger_transfer"),
        append_only("ledger_lotuse"),
    ]
